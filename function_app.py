"""The Function app: registers the blueprints, nothing else."""

import azure.functions as func

from functions import (
    alerts,
    api_description,
    event_grid,
    overview,
    profile_changes,
    profiles,
    queues,
    status_page,
    timers,
)

app = func.FunctionApp()
app.register_functions(timers.blueprint)
app.register_functions(event_grid.blueprint)
app.register_functions(queues.blueprint)
app.register_functions(profiles.blueprint)
app.register_functions(overview.blueprint)
app.register_functions(profile_changes.blueprint)
app.register_functions(alerts.blueprint)
app.register_functions(status_page.blueprint)
app.register_functions(api_description.blueprint)
