// Passkeys: forms with data-passkey ask the browser for one, and post what it says in the field "credential".
//   create   options from the JSON element named in data-passkey-options, to add this device
//   check    the same, to show that it is you
//   sign-in  options fetched from the form's own address

const TROUBLE = {
  NotAllowedError: "Nothing was chosen. Try again, or use another way.",
  InvalidStateError: "This device has a passkey for your account already.",
  NotSupportedError: "This device cannot keep passkeys. Try another device.",
  SecurityError: "Passkeys do not work at this address.",
};
const SOMETHING_ELSE = "That did not work. Try again, or use another way.";

function toBytes(text) {
  const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function toText(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
  return btoa(letters.join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function withBytes(publicKey) {
  const options = { ...publicKey, challenge: toBytes(publicKey.challenge) };
  if (options.user) options.user = { ...options.user, id: toBytes(options.user.id) };
  for (const name of ["excludeCredentials", "allowCredentials"]) {
    options[name] = options[name]?.map((known) => ({ ...known, id: toBytes(known.id) }));
  }
  return options;
}

/* What the server reads: every buffer as base64url. */
function describe(credential) {
  const { response } = credential;
  const described = { clientDataJSON: toText(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) described[name] = toText(response[name]);
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: described,
  };
}

async function readOptions(form) {
  if (form.dataset.passkey !== "sign-in") {
    return JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent);
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The server said ${answer.status}.`);
  return answer.json();
}

async function ask(form) {
  const options = await readOptions(form);
  if (form.dataset.passkey !== "create") {
    return navigator.credentials.get({ publicKey: withBytes(options.request_options.publicKey) });
  }
  const publicKey = withBytes(options.creation_options.publicKey);
  // A passkey signs in by itself: kept on the device, opened with a finger, a face or a PIN.
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  };
  return navigator.credentials.create({ publicKey });
}

async function answerForm(form) {
  const trouble = form.querySelector("[data-passkey-trouble]");
  trouble.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(describe(await ask(form)));
    form.submit();
  } catch (error) {
    trouble.textContent = TROUBLE[error.name] ?? SOMETHING_ELSE;
    trouble.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    form.hidden = form.dataset.passkey === "sign-in";
    continue;
  }
  // Before site.js marks the form as on its way: it only is when the browser has answered.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answerForm(form);
  });
}
