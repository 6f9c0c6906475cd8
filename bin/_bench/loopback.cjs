// Frappe's socketio.js listens on every interface. Loaded before it, this keeps it on the loopback address.
const net = require("node:net");

const listen = net.Server.prototype.listen;

net.Server.prototype.listen = function (port, ...rest) {
	return /^\d+$/.test(String(port))
		? listen.call(this, Number(port), "127.0.0.1", ...rest)
		: listen.call(this, port, ...rest);
};
