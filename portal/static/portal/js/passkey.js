/* Passkeys: asks the device for one and sends what it answers. Signing in works without this file,
   by password and code.

   A form says what it is for: data-passkey="make" (a new one), "show" (the options stand in the
   page) or "sign-in" (the options are fetched when the button is pressed, so that they are fresh). */

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withIds = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

/* The device's answer as the server reads it: everything binary in letters. */
function written(credential) {
  const { response } = credential;
  const found = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) found[name] = toText(response[name]);
  }
  if (response.getTransports) found.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: found,
  });
}

function make({ publicKey }) {
  return navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
      excludeCredentials: withIds(publicKey.excludeCredentials),
      // Kept on the device, so that it opens the account without an address as well.
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    },
  });
}

function show({ publicKey }) {
  return navigator.credentials.get({
    publicKey: { ...publicKey, challenge: toBytes(publicKey.challenge), allowCredentials: withIds(publicKey.allowCredentials) },
  });
}

async function fetched(form) {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) throw new Error("no options");
  return answer.json();
}

const inPage = () => JSON.parse(document.getElementById("passkey-options").textContent);

function start(form) {
  const trouble = form.querySelector("[data-passkey-trouble]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    try {
      const options = form.dataset.passkey === "sign-in" ? await fetched(form) : inPage();
      const credential = options.creation_options ? await make(options.creation_options) : await show(options.request_options);
      form.elements.credential.value = written(credential);
      form.submit();
    } catch {
      trouble.hidden = false; // cancelled, too late, or not one of ours: the browser does not say
    }
  });
  form.hidden = false;
}

if (globalThis.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach(start);
else for (const line of document.querySelectorAll("[data-passkey-none]")) line.hidden = false;
