"""Hard spend limits and spend alerts, of the organization and of projects. Amounts are cents."""

from __future__ import annotations

from starlette.routing import Route

from oai_tui.simulator import shapes
from oai_tui.simulator.answers import Refusal, error, invalid, not_found
from oai_tui.simulator.model import Alert, SpendLimit
from oai_tui.simulator.paging import Rules, page
from oai_tui.simulator.reading import Body, choice, integer, nullable_text, texts
from oai_tui.simulator.routing import Answer, Call, admin_routes


def _whose(call: Call) -> str | None:
    return call.project().id if "project_id" in call.path else None


def _whose_open(call: Call) -> str | None:
    return call.open_project().id if "project_id" in call.path else None


def _amount(body: Body, smallest: int) -> int:
    cents = integer(body, "threshold_amount", smallest)
    choice(body, "currency", ("USD",))
    choice(body, "interval", ("month",))
    return cents


def _no_limit() -> Refusal:
    return Refusal(error(404, "No spend limit is configured.", code="not_found"))


def _show_limit(call: Call) -> Answer:
    project_id = _whose(call)
    limit = call.world.spend_limits.get(project_id)
    if limit is None and call.world.no_limit_shape == "zero":
        limit = SpendLimit(0, "inactive")
    if limit is None:
        raise _no_limit()
    return shapes.spend_limit(project_id, limit)


def _set_limit(call: Call) -> Answer:
    project_id = _whose_open(call)
    limit = SpendLimit(_amount(call.body, 1))
    call.world.spend_limits[project_id] = limit
    return shapes.spend_limit(project_id, limit)


def _delete_limit(call: Call) -> Answer:
    project_id = _whose(call)
    if call.world.spend_limits.pop(project_id, None) is None:
        raise _no_limit()
    return {"object": f"{shapes.level(project_id)}.spend_limit.deleted", "deleted": True}


def _named(call: Call) -> Alert:
    project_id = _whose(call)
    alert = call.world.alerts.get(call.path["alert_id"])
    if alert is None or alert.project_id != project_id:
        raise not_found("spend alert", call.path["alert_id"])
    return alert


def _channel(body: Body) -> tuple[list[str], str | None]:
    channel = body.get("notification_channel")
    if not isinstance(channel, dict):
        message = "Invalid type for 'notification_channel': expected an object."
        raise invalid(message, "notification_channel", "invalid_type")
    choice(channel, "type", ("email",))
    recipients = texts(channel, "recipients")
    if recipients is None:
        message = "Missing required parameter: 'notification_channel.recipients'."
        raise invalid(message, "notification_channel.recipients", "missing_required_parameter")
    return list(recipients), nullable_text(channel, "subject_prefix")


def _list_alerts(call: Call) -> Answer:
    rules = Rules(smallest=0, ordered=True, both_ways=True)
    return page(call.query, call.world.alerts_of(_whose(call)), shapes.alert, rules)


def _create_alert(call: Call) -> Answer:
    project_id = _whose_open(call)
    cents, (recipients, prefix) = _amount(call.body, 0), _channel(call.body)
    world = call.world
    alert = Alert(world.new_id("alert_", 24), project_id, cents, recipients, prefix, world.now())
    world.alerts[alert.id] = alert
    return shapes.alert(alert)


def _show_alert(call: Call) -> Answer:
    return shapes.alert(_named(call))


def _update_alert(call: Call) -> Answer:
    alert = _named(call)
    _whose_open(call)
    cents, (recipients, prefix) = _amount(call.body, 0), _channel(call.body)
    alert.cents, alert.recipients, alert.subject_prefix = cents, recipients, prefix
    return shapes.alert(alert)


def _delete_alert(call: Call) -> Answer:
    alert = _named(call)
    del call.world.alerts[alert.id]
    kind = f"{shapes.level(alert.project_id)}.spend_alert.deleted"
    return {"id": alert.id, "object": kind, "deleted": True}


def _at(prefix: str) -> tuple[Route, ...]:
    limit, alerts = f"{prefix}spend_limit", f"{prefix}spend_alerts"
    return (
        admin_routes(limit, get=_show_limit, post=_set_limit, delete=_delete_limit),
        admin_routes(alerts, get=_list_alerts, post=_create_alert),
        admin_routes(
            f"{alerts}/{{alert_id}}", get=_show_alert, post=_update_alert, delete=_delete_alert
        ),
    )


routes = (*_at(""), *_at("projects/{project_id}/"))
