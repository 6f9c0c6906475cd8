// Loaded before Frappe's socketio.js, which expects a proxy in front of it. This does what the proxy would:
// keeps it on the loopback address, and says which site is served.
const http = require("node:http");
const net = require("node:net");

const { listen } = net.Server.prototype;
const { emit } = http.Server.prototype;

net.Server.prototype.listen = function (port, ...rest) {
	return /^\d+$/.test(String(port))
		? listen.call(this, Number(port), "127.0.0.1", ...rest)
		: listen.call(this, port, ...rest);
};

http.Server.prototype.emit = function (event, request, ...rest) {
	if (event === "request" || event === "upgrade") {
		request.headers["x-frappe-site-name"] ??= process.env.GOVCRM_SITE;
	}
	return emit.call(this, event, request, ...rest);
};
