"""The Function app: registers the blueprints, nothing else."""

import azure.functions as func

from functions import detect_releases, evaluate_profile, generate_update_run, reconcile, release_events

app = func.FunctionApp()
app.register_functions(detect_releases.blueprint)
app.register_functions(release_events.blueprint)
app.register_functions(evaluate_profile.blueprint)
app.register_functions(reconcile.blueprint)
app.register_functions(generate_update_run.blueprint)
