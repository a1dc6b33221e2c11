// Fails the test of the request unless the response is 2xx, and shows what the API says.
//
// A cluster that was just changed can refuse the next change for a while. Then a run sends the request again.
(() => {
    const { code, headers } = pm.response;
    let error = {};
    try {
        error = pm.response.json() || {};
    } catch (_) {
        // the body is empty or not JSON
    }
    const retries = Number(pm.variables.get('retries')) || 0;
    const isBusy = code === 422 && error.errorType === 'ErrClusterStateNotNormal';
    if (isBusy && retries < Number(pm.variables.get('pollLimit'))) {
        pm.variables.set('retries', retries + 1);
        pm.execution.setNextRequest(pm.info.requestName);
        setTimeout(() => {}, Number(pm.variables.get('pollSeconds')) * 1000);
        return;
    }
    pm.variables.set('retries', 0);
    pm.test(`${pm.info.requestName}: the response is 2xx`, () => {
        if (code < 200 || code > 299) {
            const mistake = headers.get('X-Mock-Mistake');
            const texts = [error.errorType, error.message, mistake && `X-Mock-Mistake: ${mistake}`];
            throw new Error([code, pm.response.status, ...texts.filter(Boolean)].join(' '));
        }
    });
})();
