"""/healthz, /readyz and /metrics, for those who run the service."""

import orjson
from flask import Response
from flask.views import MethodView
from flask_smorest import Blueprint

from directory.api.schemas import AliveAnswer, ReadyAnswer
from directory.cases import vault
from directory.runtime import metrics
from directory.serving.health import check_readiness, recent_queues
from directory.web.access import public

blueprint = public(Blueprint("health", __name__, description="Running it"))


@blueprint.route("/healthz")
class Alive(MethodView):
    """The process."""

    @blueprint.response(200, AliveAnswer)
    def get(self) -> Response:
        """Alive: the process answers, whatever the engines do."""
        return _fresh({"status": "alive"}, 200)


@blueprint.route("/readyz")
class Ready(MethodView):
    """The engines."""

    @blueprint.response(200, ReadyAnswer)
    @blueprint.alt_response(503, schema=ReadyAnswer, description="Neither engine answers: why.")
    def get(self) -> Response:
        """Ready: each engine, the alias, and how far the index is behind."""
        readiness = {**check_readiness(), "sealing": vault.is_open()}
        return _fresh(readiness, 503 if readiness["status"] == "not ready" else 200)


@blueprint.route("/metrics")
class Metrics(MethodView):
    """Prometheus."""

    @blueprint.response(200, content_type="text/plain", description="Prometheus text format.")
    def get(self) -> Response:
        """Counts and times in the Prometheus text format."""
        outbox, mail = recent_queues.look() or (None, None)
        shown = metrics.exposition(
            (outbox.waiting, outbox.oldest_s, outbox.set_aside) if outbox else None,
            (mail.waiting, mail.oldest_s, mail.given_up) if mail else None,
        )
        return Response(shown, content_type=metrics.CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _fresh(body: dict[str, object], status: int) -> Response:
    return Response(
        orjson.dumps(body), status=status, mimetype="application/json", headers={"Cache-Control": "no-store"}
    )
