// Remembers an id of the response for the next requests.
if (pm.response.code >= 200 && pm.response.code <= 299) {
    const id = findId();
    pm.test(`${pm.info.requestName}: the response has ${variable}`, () => {
        if (!id) {
            throw new Error(`the response has no ${variable}`);
        }
    });
    pm.collectionVariables.set(variable, id || '');
    pm.variables.set(variable, id || '');
}
