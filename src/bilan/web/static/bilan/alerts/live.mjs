// Keeps what is shown of alerts as the server sees it, as the lists of devices are kept.
export { mount } from "../devices/live.mjs";
