"""What `funding` needs to know of a loan product, taken from `programmes`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.kernel import money
from iindustry.kernel.errors import NotFound, Rejected
from iindustry.programmes import services as programmes
from iindustry.programmes.programme import Kind

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Product:
    """One loan product as the case sees it. Limits in satang and months, None where the document names none."""

    product_id: str
    version: str
    name_th: str
    name_en: str
    summary_th: str
    summary_en: str
    lender: str
    policy_line: str
    most_satang: int | None
    most_months: int | None
    uses: tuple[str, ...]
    open_from: date
    open_to: date | None
    is_suspended: bool = False

    def is_open(self, day: date) -> bool:
        """Whether applications are taken on a day; both ends are included. While it is suspended none are."""
        return not self.is_suspended and self.open_from <= day and (self.open_to is None or day <= self.open_to)

    def check_fits(self, amount_satang: int, tenor_months: int, use_code: str) -> None:
        """Rejected: `amount-outside-product`, `tenor-outside-product`, `use-outside-product`."""
        if self.uses and use_code not in self.uses:
            raise Rejected("use-outside-product", field="use_code")
        if self.most_satang is not None and amount_satang > self.most_satang:
            raise Rejected("amount-outside-product", field="amount_satang", most=money.baht_text(self.most_satang))
        if self.most_months is not None and tenor_months > self.most_months:
            raise Rejected("tenor-outside-product", field="tenor_months", most=self.most_months)


def product_of(product_id: str) -> Product:
    """The loan product of an id. NotFound: `product-unknown`, also for measures and for cards of past products."""
    programme = programmes.get_programme(product_id)
    if programme.kind != Kind.LOAN_PRODUCT or programme.is_archive:
        raise NotFound("product-unknown", product=product_id)
    return Product(
        product_id=programme.id,
        version=programme.version,
        name_th=programme.title.th,
        name_en=programme.title.en,
        summary_th=programme.summary.th,
        summary_en=programme.summary.en,
        lender=programme.owner,
        policy_line=programme.policy_lines[0] if programme.policy_lines else "",
        most_satang=programme.amount_max_satang,
        most_months=programme.benefit.tenor_months,
        uses=programme.benefit.use_of_funds,
        open_from=programme.valid_from,
        open_to=programme.valid_to,
        is_suspended=programme.suspension is not None,
    )
