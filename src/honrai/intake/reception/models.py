"""What staff note when they take in an application. No number of any identity document has a place here."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.intake.models import Application
from honrai.platform.cities.models import CityForeignKey, CityModel


class Reception(CityModel):
    """受付記録: who keyed an application, how the person before them was identified, and for whom they act.

    The documents shown are kept by kind only: the number of one of them is the 個人番号, so none is taken down.
    """

    application = CityForeignKey(Application, verbose_name="申請", related_name="+", on_delete=models.CASCADE)
    person = models.BigIntegerField("受け付けた人", null=True)
    contract = models.BigIntegerField("契約", null=True)
    party = models.CharField("対象者の宛名番号", max_length=40, blank=True)
    protected = models.BooleanField("支援措置", default=False)
    manner = models.CharField("本人確認の方法", max_length=10, blank=True)
    documents = models.JSONField("提示された書類", default=list)
    acting = models.CharField("来た人の立場", max_length=10, default="self")
    agent_name = models.CharField("代理人の氏名", max_length=120, blank=True)
    agent_relation = models.CharField("本人との関係", max_length=60, blank=True)
    agent_scope = models.CharField("委任された範囲", max_length=200, blank=True)
    agent_proof = models.CharField("代理権の確認書類", max_length=40, blank=True)
    note = models.CharField("受付メモ", max_length=400, blank=True)
    at = models.DateTimeField("受付開始日時")
    identified_at = models.DateTimeField("本人確認日時", null=True)

    class Meta:
        verbose_name = "受付記録"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "application"), name="one_reception_per_application"),
        )
        indexes: ClassVar = (models.Index(fields=("city", "person", "at"), name="receptions_of_person"),)


class Mail(CityModel):
    """郵送物: paper that arrived and is now a page; keyed beside its image, or left for later."""

    procedure = models.CharField("手続コード", max_length=60)
    file = models.BigIntegerField("読み取った紙")
    arrived_on = models.DateField("届いた日")
    postmarked_on = models.DateField("消印日", null=True)
    note = models.CharField("メモ", max_length=200, blank=True)
    registered_by = models.BigIntegerField("登録した人", null=True)
    contract = models.BigIntegerField("契約", null=True)
    at = models.DateTimeField("登録日時")
    application = CityForeignKey(
        Application, verbose_name="申請", null=True, related_name="+", on_delete=models.CASCADE
    )

    class Meta:
        verbose_name = "郵送物"
        indexes: ClassVar = (
            models.Index(fields=("city", "arrived_on", "id"), name="mail_to_key", condition=Q(application=None)),
        )


class Subject(CityModel):
    """Whom a submitted application is about, as a key that finds a second one for the same matter."""

    application = CityForeignKey(Application, verbose_name="申請", related_name="+", on_delete=models.CASCADE)
    procedure = models.CharField("手続コード", max_length=60)
    key = models.CharField("対象者の照合キー", max_length=200)
    arrived_on = models.DateField("到達日")

    class Meta:
        verbose_name = "申請の対象者"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "application"), name="one_subject_per_application"),
        )
        indexes: ClassVar = (models.Index(fields=("city", "procedure", "key"), name="applications_by_subject"),)


class Duplicate(CityModel):
    """重複の疑い: two applications for the same matter. An official or the centre says whether they are one."""

    earlier = CityForeignKey(Application, verbose_name="先の申請", related_name="+", on_delete=models.CASCADE)
    later = CityForeignKey(Application, verbose_name="あとの申請", related_name="+", on_delete=models.CASCADE)
    procedure = models.CharField("手続コード", max_length=60)
    found_at = models.DateTimeField("見つけた日時")
    verdict = models.CharField("判断", max_length=10, blank=True)
    reason = models.CharField("理由", max_length=400, blank=True)
    withdrawn = models.BigIntegerField("取り下げた申請", null=True)
    decided_by = models.BigIntegerField("判断した人", null=True)
    decided_at = models.DateTimeField("判断日時", null=True)

    class Meta:
        verbose_name = "重複の疑い"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "earlier", "later"), name="one_suspicion_per_pair"),
        )
        indexes: ClassVar = (
            models.Index(fields=("city", "found_at"), name="duplicates_to_decide", condition=Q(verdict="")),
        )


class Batch(CityModel):
    """一括受付: a file of many applications for one procedure; each row is one application, each once."""

    procedure = models.CharField("手続コード", max_length=60)
    file = models.BigIntegerField("ファイル")
    name = models.CharField("ファイル名", max_length=200)
    arrived_on = models.DateField("到達日")
    mapping = models.JSONField("列と欄の対応", default=dict)
    state = models.CharField("状態", max_length=10, default="draft")
    total = models.PositiveIntegerField("行数", default=0)
    done = models.PositiveIntegerField("受け付けた件数", default=0)
    doubled = models.PositiveIntegerField("受付済みだった件数", default=0)
    rejects = models.JSONField("受け付けなかった行", default=list)
    person = models.BigIntegerField("受け付けた人", null=True)
    contract = models.BigIntegerField("契約", null=True)
    at = models.DateTimeField("登録日時")

    class Meta:
        verbose_name = "一括受付"
        indexes: ClassVar = (models.Index(fields=("city", "at"), name="batches_by_time"),)
