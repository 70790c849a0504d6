"""Addresses of the letters."""

from django.urls import path

from honrai.contact.views import batches, keeping, queue, seals, stops

app_name = "letters"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("item/<int:item>/", queue.item, name="item"),
    path("item/<int:item>/letter.pdf", queue.preview, name="preview"),
    path("item/<int:item>/again/", queue.again, name="again"),
    path("item/<int:item>/readdress/", queue.readdress, name="readdress"),
    path("reprint/<int:reprint>/letter.pdf", queue.reprint_file, name="reprint_file"),
    path("stops/", stops.stops, name="stops"),
    path("stops/<int:stop>/", stops.stop, name="stop"),
    path("batches/", batches.batches, name="batches"),
    path("batches/make/", batches.make, name="make"),
    path("batches/<int:batch>/", batches.batch, name="batch"),
    path("batches/<int:batch>/hand-over/", batches.hand_over, name="hand_over"),
    path("batches/<int:batch>/<slug:what>.pdf", batches.file, name="batch_file"),
    path("line/<int:line>/remove/", batches.remove, name="remove"),
    path("seals/", seals.seals, name="seals"),
    path("seals/new/", seals.new_seal, name="new_seal"),
    path("seals/ask/", seals.ask, name="ask_seal"),
    path("seals/request/<int:request_key>/", seals.decide, name="decide_seal"),
    path("seals/ledger/", seals.ledger, name="ledger"),
    path("stock/", keeping.stock, name="stock"),
    path("stock/<slug:what>/", keeping.change_stock, name="change_stock"),
    path("printers/", keeping.printers, name="printers"),
    path("printers/ruler.pdf", keeping.ruler, name="ruler"),
    path("stamps/", keeping.stamps, name="stamps"),
    path("stamps/<int:copy>/copy.pdf", keeping.stamped, name="stamped"),
]
