"""Tables of claims. Headers and byte offsets stand here; the detail of a claim stays in its file."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from honrai.claims.rules.findings import Verdict
from honrai.platform.cities.models import BulkCityModel, CityForeignKey, CityModel

STATES = {"reading": "読込み中", "judging": "審査中", "judged": "審査済", "stopped": "中止", "failed": "受け取れません"}


class SourceFile(CityModel):
    """One claim file, from arrival to its judgement."""

    name = models.CharField("ファイル名", max_length=200)
    month = models.DateField("請求月")
    size = models.BigIntegerField("バイト数", default=0)
    sha256 = models.CharField("内容の要約値", max_length=64, default="")
    state = models.CharField("状態", max_length=8, choices=list(STATES.items()), default="reading")
    lines = models.BigIntegerField("行数", default=0)
    receipts = models.IntegerField("件数", default=0)
    faults = models.IntegerField("読取りの誤り", default=0)
    problem = models.CharField("受け取れない理由", max_length=400, blank=True)
    uploaded_by = models.BigIntegerField("受け取った人", null=True)
    uploaded_at = models.DateTimeField("受け取った日時")

    class Meta:
        verbose_name = "請求ファイル"
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("city", "sha256"), name="a_claim_file_comes_once", condition=~Q(state__in=("stopped", "failed"))
            ),
        )
        indexes: ClassVar = (models.Index(fields=("city", "uploaded_at"), name="claim_files_by_day"),)


class SourcePiece(CityModel):
    """One stored piece of a claim file, cut before a receipt; the pieces in order are the file, byte for byte."""

    file = CityForeignKey(SourceFile, verbose_name="請求ファイル", related_name="pieces", db_index=False)
    number = models.IntegerField("順番")
    stored = models.BigIntegerField("保管ファイル")
    offset = models.BigIntegerField("バイト位置")
    size = models.BigIntegerField("バイト数")
    line = models.BigIntegerField("先頭の行")
    head = models.JSONField("医療機関", null=True)
    read = models.BooleanField("読込み済み", default=False)

    class Meta:
        verbose_name = "請求ファイルの一部"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "file", "number"), name="one_piece_each_place"),
        )


class SourceFault(BulkCityModel):
    """What is wrong at one place of a claim file."""

    file = CityForeignKey(SourceFile, verbose_name="請求ファイル", related_name="+", db_index=False)
    line = models.BigIntegerField("行")
    record = models.CharField("レコード", max_length=4, blank=True)
    position = models.IntegerField("項目の位置")
    field = models.CharField("項目", max_length=40, blank=True)
    reason = models.CharField("理由", max_length=200)
    fatal = models.BooleanField("使用不可")

    class Meta:
        verbose_name = "読取りの誤り"
        indexes: ClassVar = (models.Index(fields=("city", "file", "line"), name="faults_of_file"),)


class StoredClaim(BulkCityModel):
    """The header of one claim: where it stands in its file, and what adjudication needs."""

    app_grants = "SELECT, INSERT"

    file = CityForeignKey(SourceFile, verbose_name="請求ファイル", related_name="+", db_index=False)
    route = models.CharField("経路", max_length=10)
    line = models.BigIntegerField("行")
    offset = models.BigIntegerField("バイト位置")
    size = models.IntegerField("バイト数")
    number = models.CharField("レセプト番号", max_length=20, blank=True)
    kind = models.CharField("レセプト種別", max_length=10, blank=True)
    months = models.IntegerField("診療年月(月数)", null=True)
    birth = models.DateField("生年月日", null=True)
    insurer = models.CharField("保険者番号", max_length=20, blank=True)
    family = models.CharField("制度の区分", max_length=16, blank=True)
    person = models.CharField("受給者番号", max_length=20, blank=True)
    care = models.CharField("入院・外来・薬局", max_length=10)
    total = models.BigIntegerField("合計点数", null=True)
    unit = models.SmallIntegerField("1単位の円")
    other_pays = models.BigIntegerField("他公費の患者負担額", null=True)
    stated = models.BigIntegerField("記載の患者負担額", null=True)
    agency = models.CharField("審査支払機関", max_length=4, blank=True)
    institution = models.CharField("医療機関コード", max_length=20, blank=True)
    prescriber = models.CharField("処方元", max_length=20, blank=True)
    marks = models.CharField("行から分かること", max_length=80, blank=True)
    readable = models.BooleanField("読める")

    class Meta:
        verbose_name = "請求"
        indexes: ClassVar = (
            models.Index(fields=("city", "file", "id"), name="claims_of_file"),
            models.Index(fields=("city", "person", "months"), name="claims_of_person"),
        )


class Recipient(CityModel):
    """One entitlement in the ledger of recipients."""

    number = models.CharField("受給者番号", max_length=20)
    person_no = models.CharField("宛名番号", max_length=20)
    scheme = models.CharField("制度", max_length=16)
    since = models.DateField("資格開始日")
    until = models.DateField("資格終了日", null=True)
    birth = models.DateField("生年月日")
    household = models.CharField("世帯番号", max_length=20)
    insurer = models.CharField("保険者番号", max_length=20, blank=True)
    card_percent = models.SmallIntegerField("負担割合(%)", null=True)
    income = models.CharField("所得区分", max_length=8, blank=True)
    frequent = models.BooleanField("多数回該当", default=False)
    supplement = models.CharField("附加給付の型", max_length=20, blank=True)

    class Meta:
        verbose_name = "受給者"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "number", "scheme", "since"), name="an_entitlement_stands_once"),
        )


class Provider(CityModel):
    """One institution claims may come from, and the account agency it is paid through."""

    code = models.CharField("医療機関コード", max_length=20)
    name = models.CharField("名称", max_length=80)

    class Meta:
        verbose_name = "請求できる医療機関"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "code"), name="a_provider_stands_once"),)


class Judging(CityModel):
    """One run over claims: the first over a file, the release of held ones, or a replay that shows what a change would do."""

    month = models.DateField("処理月")
    kind = models.CharField(
        "種類", max_length=8, choices=[("first", "審査"), ("release", "保留の決定"), ("replay", "再計算")]
    )
    file = CityForeignKey(SourceFile, verbose_name="請求ファイル", null=True, related_name="+", db_index=False)
    parts = models.IntegerField("分割数", default=1)
    done = models.JSONField("済んだ部分", default=list)
    at = models.DateTimeField("日時")
    by = models.BigIntegerField("行った人", null=True)

    class Meta:
        verbose_name = "審査"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "file"), name="a_file_is_judged_once", condition=Q(kind="first")),
            models.UniqueConstraint(fields=("city", "month"), name="one_release_a_month", condition=Q(kind="release")),
        )


class Judgement(BulkCityModel):
    """What one claim comes to. What was asked is paid, refused or pending, to the yen.

    `claim` is the key of a stored claim, which is never removed; a reference would be looked up a million times.
    """

    app_grants = "SELECT, INSERT"

    judging = CityForeignKey(Judging, verbose_name="審査", related_name="+", db_index=False)
    claim = models.BigIntegerField("請求")
    previous = models.BigIntegerField("前の結果", null=True)
    month = models.DateField("処理月")
    counts = models.BooleanField("精算に入る")
    share = models.BigIntegerField("一部負担金", null=True)
    after_others = models.BigIntegerField("他公費の後", null=True)
    high_cost = models.BigIntegerField("高額療養費", null=True)
    supplement = models.BigIntegerField("附加給付", null=True)
    patient = models.BigIntegerField("受給者の自己負担", null=True)
    city_part = models.BigIntegerField("市の助成額", null=True)
    asked = models.BigIntegerField("請求額")
    paid = models.BigIntegerField("支給額")
    refused = models.BigIntegerField("不支給・返戻額")
    pending = models.BigIntegerField("保留額")
    verdict = models.CharField("結果", max_length=8, choices=[(each.value, each.label) for each in Verdict])
    findings = models.CharField("指摘", max_length=200, blank=True)

    class Meta:
        verbose_name = "審査結果"
        indexes: ClassVar = (
            models.Index(fields=("city", "claim"), name="judgements_of_claim"),
            models.Index(fields=("city", "month", "id"), name="exceptions", condition=~Q(verdict="pay")),
        )
        constraints: ClassVar = (
            models.CheckConstraint(
                name="asked_is_paid_refused_or_pending", condition=Q(asked=F("paid") + F("refused") + F("pending"))
            ),
            models.UniqueConstraint(fields=("city", "judging", "claim"), name="a_claim_is_judged_once_a_run"),
            models.UniqueConstraint(
                fields=("city", "previous"), name="a_hold_is_decided_once", condition=Q(previous__isnull=False)
            ),
        )


class MonthClose(CityModel):
    """The statement of one month: carried over and received equals paid, refused and pending."""

    app_grants = "SELECT, INSERT"

    month = models.DateField("処理月")
    carried = models.BigIntegerField("前月繰越")
    received = models.BigIntegerField("当月受入")
    paid = models.BigIntegerField("支給")
    refused = models.BigIntegerField("不支給・返戻")
    pending = models.BigIntegerField("翌月繰越")
    claims = models.IntegerField("件数")
    output = models.BigIntegerField("業務システムへ返すファイル", null=True)
    closed_by = models.BigIntegerField("締めた人", null=True)
    closed_at = models.DateTimeField("締めた日時")

    class Meta:
        verbose_name = "月次計算書"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "month"), name="a_month_is_closed_once"),
            models.CheckConstraint(
                name="in_equals_paid_refused_pending",
                condition=Q(carried=F("paid") + F("refused") + F("pending") - F("received")),
            ),
        )


class Settlement(CityModel):
    """What is paid to one payee for a month: 審査支払機関, an institution or a person."""

    app_grants = "SELECT, INSERT"

    close = CityForeignKey(MonthClose, verbose_name="月次計算書", related_name="settlements", db_index=False)
    route = models.CharField("経路", max_length=10)
    payee = models.CharField("支払先", max_length=20)
    count = models.IntegerField("件数")
    amount = models.BigIntegerField("金額")

    class Meta:
        verbose_name = "精算"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "close", "route", "payee"), name="a_payee_is_settled_once_a_month"),
        )
