// Sends the request again until the response has the wanted state. Outside of a run it has no effect.
(() => {
    if (pm.response.code !== 200) {
        return;
    }
    const state = findState(pm.response.json());
    const polls = Number(pm.variables.get('polls')) || 0;
    const limit = Number(pm.variables.get('pollLimit'));
    if (state !== wanted && !/fail/i.test(state) && polls < limit) {
        pm.variables.set('polls', polls + 1);
        pm.execution.setNextRequest(pm.info.requestName);
        setTimeout(() => {}, Number(pm.variables.get('pollSeconds')) * 1000);
        return;
    }
    pm.variables.set('polls', 0);
    pm.test(`${pm.info.requestName}: the state is ${wanted}`, () => {
        if (state !== wanted) {
            throw new Error(`the state is ${state} after ${polls} more requests: ${wanted} is expected`);
        }
    });
})();
