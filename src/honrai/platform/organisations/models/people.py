"""People of a city and what they are on which days."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from honrai.platform.authority.acts import TeamRole
from honrai.platform.cities.models import CityForeignKey, CityModel
from honrai.platform.organisations.models.contracts import Contract, Contractor, Team
from honrai.platform.organisations.models.periods import has_a_start, no_overlap
from honrai.platform.organisations.models.units import Post
from honrai.platform.organisations.rules import CertificateKind


class Person(CityModel):
    """Somebody who works for the city or for one of its contractors, in this city.

    The same human being in another city is another row with the same account. `contractor` empty: city staff.
    """

    number = models.CharField("職員番号", max_length=24)
    name = models.CharField("氏名", max_length=80)
    kana = models.CharField("フリガナ", max_length=120, blank=True)
    contractor = CityForeignKey(Contractor, verbose_name="受託者", null=True, blank=True, related_name="people")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="利用者",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        verbose_name = "人"
        constraints = (
            models.UniqueConstraint(fields=("city", "number"), name="person_number_once"),
            models.UniqueConstraint(fields=("city", "account"), name="one_person_per_account"),
        )

    def __str__(self) -> str:
        return self.number


class AssignmentKind(models.TextChoices):
    """How somebody holds a post or a place in a team."""

    MAIN = "main", "本務"
    CONCURRENT = "concurrent", "兼務"
    ACTING = "acting", "職務代理"


class Assignment(CityModel):
    """One person holds one post, or one place in one team, in one period.

    Like a line of the personnel register. A post has one holder on any day (deputies beside them); a person has one
    main place and works under one contract at a time. `contract` repeats the team's, so that the row itself can know.
    """

    person = CityForeignKey(Person, verbose_name="人", related_name="assignments", db_index=False)
    kind = models.CharField("区分", max_length=12, choices=AssignmentKind)
    post = CityForeignKey(Post, verbose_name="職", null=True, blank=True, related_name="assignments", db_index=False)
    team = CityForeignKey(Team, verbose_name="チーム", null=True, blank=True, related_name="assignments")
    contract = CityForeignKey(Contract, verbose_name="契約", null=True, blank=True, related_name="+", db_index=False)
    role = models.CharField("チームでの役割", max_length=16, blank=True, choices=[(r.value, r.label) for r in TeamRole])
    period = DateRangeField("期間")
    basis = models.CharField("発令番号", max_length=60, blank=True)

    class Meta:
        verbose_name = "配属"
        indexes = (
            models.Index(fields=("city", "person"), name="assignments_by_person"),
            models.Index(fields=("city", "post"), name="assignments_by_post"),
            models.Index(fields=("city", "contract"), name="assignments_by_contract"),
        )
        constraints = (
            no_overlap(
                "one_holder_of_a_post", "post", condition=models.Q(post__isnull=False) & ~models.Q(kind="acting")
            ),
            no_overlap("one_main_place", "person", condition=models.Q(kind="main")),
            no_overlap("once_in_a_post", "person", "post", condition=models.Q(post__isnull=False)),
            no_overlap("once_in_a_team", "person", "team", condition=models.Q(team__isnull=False)),
            ExclusionConstraint(
                name="one_contract_at_a_time",
                expressions=[
                    ("city", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("contract", RangeOperators.NOT_EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(contract__isnull=False),
            ),
            models.CheckConstraint(
                name="post_or_team",
                condition=models.Q(post__isnull=False, team__isnull=True, contract__isnull=True, role="")
                | models.Q(post__isnull=True, team__isnull=False, contract__isnull=False) & ~models.Q(role=""),
            ),
            has_a_start("assignment_has_a_start"),
        )


class Skill(CityModel):
    """Level of one person in one skill in one period: 0 none, 1 learning, 2 works alone, 3 checks, 4 trains.

    Source: domain/centre.md Part 2 section 7 (skill matrix).
    """

    person = CityForeignKey(Person, verbose_name="人", related_name="skills")
    code = models.CharField("技能コード", max_length=60)
    level = models.PositiveSmallIntegerField("レベル")
    period = DateRangeField("期間")

    class Meta:
        verbose_name = "技能"
        constraints = (
            no_overlap("one_level_per_skill", "person", "code"),
            has_a_start("skill_has_a_start"),
            models.CheckConstraint(name="skill_level_0_to_4", condition=models.Q(level__lte=4)),
        )


class Certificate(CityModel):
    """Proof that one person pledged, was trained or passed the test, and until when it is valid. Never changed, only added."""

    app_grants = "SELECT, INSERT"

    person = CityForeignKey(Person, verbose_name="人", related_name="certificates")
    kind = models.CharField("種別", max_length=12, choices=[(k.value, k.label) for k in CertificateKind])
    valid = DateRangeField("有効期間")
    score = models.PositiveSmallIntegerField("点数", null=True, blank=True)
    evidence = models.CharField("証跡", max_length=120)

    class Meta:
        verbose_name = "誓約・研修・テスト"
        indexes = (models.Index(fields=("city", "person", "kind"), name="certificates_by_person"),)
        constraints = (
            has_a_start("certificate_has_a_start", "valid"),
            models.CheckConstraint(name="certificate_expires", condition=models.Q(valid__endswith__isnull=False)),
        )


class Recusal(CityModel):
    """A party whose cases a person must not touch: the person's own, or a relative's."""

    person = CityForeignKey(Person, verbose_name="人", related_name="recusals")
    party = models.CharField("対象者キー", max_length=60)
    reason = models.CharField("理由", max_length=12, choices=(("own", "本人"), ("relative", "親族")))
    period = DateRangeField("期間")

    class Meta:
        verbose_name = "除斥"
        constraints = (no_overlap("recusal_once", "person", "party"), has_a_start("recusal_has_a_start"))
