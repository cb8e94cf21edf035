"""``GET /metrics``: counts and times, for Prometheus."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from assistant.api.state import Counted, Live

router = APIRouter()


@router.get("/metrics", summary="Counts and times, for Prometheus", response_class=Response)
async def metrics(live: Live, counted: Counted) -> Response:
    """Return counts and times in Prometheus' text format."""
    return Response(counted.exposition(live.index_id), media_type=CONTENT_TYPE_LATEST)
