"""Casework: a case runs on a published pack version; the flow opens tasks, people take them, officials decide.

Words: *case* (案件) one matter of one applicant; *task* (作業) one step somebody takes; *lease* a claim that lapses;
*deficiency* (不備) one thing the application lacks; *proposal* (決定案) what the tables say should be decided.
"""
