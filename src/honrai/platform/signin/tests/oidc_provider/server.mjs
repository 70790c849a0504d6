// A city's identity provider for the test: any login name is accepted and is the employee number of its claims.
import Provider from "oidc-provider";

const [port, redirect, secret] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "honrai", client_secret: secret, redirect_uris: [redirect] }],
  claims: { openid: ["sub"], profile: ["employee_number", "name"] },
  pkce: { required: () => true },
  cookies: { keys: [secret] },
  findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: `person-${id}`, employee_number: id, name: "架空 職員" }) }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
