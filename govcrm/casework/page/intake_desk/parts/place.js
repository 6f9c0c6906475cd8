// Where: an address, a point, and a map that is useful without tiles and without a mouse.
frappe.provide("govcrm.intake");

govcrm.intake.Place = class Place {
	constructor({ parent, map_parent, on_change }) {
		this.on_change = on_change;
		this.make_fields(parent);
		this.make_map(map_parent);
	}

	make_fields(parent) {
		this.$wrapper = $(`<div class="intake-place"></div>`).appendTo(parent);
		this.form = new govcrm.intake.Fields({
			parent: this.$wrapper[0],
			fields: [
				{ fieldname: "address_string", fieldtype: "Data", label: __("Address or place") },
				{ fieldname: "point_section", fieldtype: "Section Break" },
				{ fieldname: "latitude", fieldtype: "Data", label: __("Latitude"), inputmode: "decimal" },
				{ fieldtype: "Column Break" },
				{ fieldname: "longitude", fieldtype: "Data", label: __("Longitude"), inputmode: "decimal" },
			],
		});
		this.form.make();
		["latitude", "longitude"].forEach((name) => {
			this.form.fields_dict[name].$input.on("change", () => this.on_typed());
		});
	}

	make_map(parent) {
		this.$map = $(`<div class="intake-map" tabindex="0" role="application"></div>`).appendTo(parent);
		this.$map.attr("aria-label", __("Map. Arrow keys move it, Enter puts the pin in its middle."));
		L.Icon.Default.imagePath = frappe.utils.map_defaults.image_path;
		const { center, zoom, tiles, options } = frappe.utils.map_defaults;
		this.map = L.map(this.$map[0], { scrollWheelZoom: false }).setView(center, zoom);
		L.tileLayer(tiles, options).addTo(this.map);
		L.control.scale().addTo(this.map);
		// plus and minus zoom from the keyboard; one stop for Tab is enough for a map
		this.$map.find("a").attr("tabindex", "-1");
		this.others = L.layerGroup().addTo(this.map);
		this.map.on("click", (event) => this.set_point(event.latlng));
		this.$map.on("keydown", (event) => {
			if (event.target !== this.$map[0] || event.key !== "Enter" || event.ctrlKey) return;
			event.preventDefault();
			this.set_point(this.map.getCenter());
		});
	}

	/** Leaflet measures its box when made; the page may have been hidden then. */
	resize() {
		this.map.invalidateSize();
	}

	/** Begin where the latest requests were, rather than where Frappe's maps begin. */
	async show_neighbourhood() {
		const points = await frappe.db.get_list("Service Request", {
			fields: ["latitude", "longitude"],
			filters: { latitude: ["!=", 0], longitude: ["!=", 0] },
			order_by: "creation desc",
			limit: 30,
		});
		if (!points.length || this.pin) return;
		const middle = (name) => points.map((one) => one[name]).sort((a, b) => a - b)[points.length >> 1];
		this.map.setView([middle("latitude"), middle("longitude")], 13);
	}

	set_rule(rule) {
		this.$wrapper.prop("hidden", rule === "Not Asked");
		const needed = rule === "Required" ? __("Needed: an address, or a pin on the map.") : "";
		this.form.set_df_property("address_string", "description", needed);
	}

	on_typed() {
		const point = this.get_point();
		if (point) this.set_point({ lat: point.latitude, lng: point.longitude }, true);
		else this.on_change();
	}

	async set_point({ lat, lng }, typed) {
		if (this.pin) this.pin.setLatLng([lat, lng]);
		else this.make_pin([lat, lng]);
		this.map.setView([lat, lng], Math.max(this.map.getZoom(), 17));
		if (!typed) {
			await this.form.set_values({ latitude: lat.toFixed(6), longitude: lng.toFixed(6) });
		}
		this.on_change();
	}

	make_pin(point) {
		this.pin = L.marker(point, { draggable: true, keyboard: false, alt: __("Place of the request") });
		this.pin.addTo(this.map).on("dragend", () => this.set_point(this.pin.getLatLng()));
	}

	get_point() {
		const [latitude, longitude] = ["latitude", "longitude"].map((name) =>
			parseFloat(String(this.form.get_value(name) || "").replace(",", ".")),
		);
		const sound = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
		return sound ? { latitude, longitude } : null;
	}

	/** Numbered like the list of likely duplicates beside the map. */
	show_others(others) {
		this.others.clearLayers();
		others.forEach((other, index) => this.add_other(other, index + 1));
	}

	add_other({ latitude, longitude }, number) {
		if (latitude == null || longitude == null) return;
		const icon = L.divIcon({ className: "intake-marker", html: String(number), iconSize: [24, 24] });
		L.marker([latitude, longitude], { icon, interactive: false, keyboard: false }).addTo(this.others);
	}

	get_value() {
		if (this.$wrapper.prop("hidden")) return {};
		const typed = ["latitude", "longitude"].map((name) => [name, this.form.get_value(name) || undefined]);
		return {
			address_string: this.form.get_value("address_string") || undefined,
			...(this.get_point() || Object.fromEntries(typed)),
		};
	}

	async reset() {
		if (this.pin) this.pin.remove();
		this.pin = null;
		this.others.clearLayers();
		this.set_rule("Optional");
		await this.form.set_values({ address_string: "", latitude: "", longitude: "" });
	}
};
