import type { Schemas } from "../../api";
import { call } from "../../api";
import { t } from "../../i18n";

export type Passkey = Schemas["Passkey"];
type ActToSign = Schemas["ActToSign"];

/** usable says whether this browser has passkeys on this page: they need HTTPS or localhost. */
export const usable = (): boolean => "PublicKeyCredential" in window;

const bytes = (text: string): ArrayBuffer =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0)).buffer;

const text = (b: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(b)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const known = (credentials: string[]): PublicKeyCredentialDescriptor[] =>
  credentials.map((id) => ({ type: "public-key", id: bytes(id) }));

/** asked waits for the authenticator, and says in her words what came of it. */
async function asked(prompt: Promise<Credential | null>, cancelled: string): Promise<PublicKeyCredential> {
  try {
    const c = await prompt;
    if (c instanceof PublicKeyCredential) return c;
  } catch (e) {
    if (e instanceof DOMException && e.name === "InvalidStateError") throw new Error(t("passkey.has"));
    if (e instanceof DOMException && e.name === "SecurityError") throw new Error(t("passkey.elsewhere"));
  }
  throw new Error(cancelled);
}

/** add registers a passkey under a name. Where one she has must sign for it, she is asked once
 * more; again asks for a recovery instead. It gives what the passkey counts for. */
export async function add(name: string, again: boolean): Promise<Passkey["state"]> {
  const r = await call<Schemas["NewPasskey"]>("POST", "/api/passkeys/registration");
  const c = await asked(
    navigator.credentials.create({
      publicKey: {
        rp: { id: r.party.id, name: r.party.name },
        user: { id: bytes(r.user), name: r.handle, displayName: r.handle },
        challenge: bytes(r.challenge),
        pubKeyCredParams: [-7, -8].map((alg) => ({ type: "public-key", alg })), // ES256, EdDSA
        excludeCredentials: known(r.known),
        authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
        attestation: "none",
      },
    }),
    t("passkey.not_added"),
  );
  const answer = c.response as AuthenticatorAttestationResponse;
  const added = await call<Schemas["AddedPasskey"]>("POST", "/api/passkeys", {
    name,
    recover: again,
    credential: text(c.rawId),
    client_data: text(answer.clientDataJSON),
    attestation: text(answer.attestationObject),
  });
  if (!added.act) return added.passkey.state;
  await sign(added.act);
  return "active";
}

/** sign has one of her passkeys sign an act, and sends it in. */
export async function sign(act: ActToSign): Promise<void> {
  const c = await asked(
    navigator.credentials.get({
      publicKey: {
        rpId: act.party,
        challenge: bytes(act.challenge),
        allowCredentials: known(act.credentials),
        userVerification: "preferred",
      },
    }),
    t("passkey.not_signed"),
  );
  const answer = c.response as AuthenticatorAssertionResponse;
  await call("PUT", `/api/rights/acts/${act.leaf}`, {
    credential: text(c.rawId),
    authenticator_data: text(answer.authenticatorData),
    client_data: text(answer.clientDataJSON),
    signature: text(answer.signature),
  });
}
