#!/usr/bin/env python3
"""Makes the register images of this folder. It shares no code with the product: registers are laid out by Python's struct, and the
expected readings are worked out in exact fractions from the words that were laid out. Addresses and scales are typed here a second
time, as the makers' documents print them, so that a slip in a profile shows.  Run: python3 images.py"""
import os
import struct
from fractions import Fraction

FOLDER = os.path.dirname(os.path.abspath(__file__))
CODES = {"u16": ">H", "s16": ">h", "u32": ">I", "s32": ">i", "u64": ">Q", "s64": ">q", "f32": ">f", "f64": ">d"}


def words(kind, value, order="abcd"):
    """Registers of a value in the order of the wire."""
    raw = struct.pack(CODES[kind], value)
    parts = [raw[i:i + 2] for i in range(0, len(raw), 2)]
    if order in ("cdab", "dcba"):
        parts.reverse()
    if order in ("badc", "dcba"):
        parts = [part[::-1] for part in parts]
    return [struct.unpack(">H", part)[0] for part in parts]


def stored(kind, value):
    """The value that is really in the registers: binary32 keeps 24 bits only."""
    return Fraction(struct.unpack(CODES[kind], struct.pack(CODES[kind], value))[0])


def rounded(value, places):
    """Half to even, as text."""
    scaled = value * 10 ** places
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    if rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2):
        whole += 1
    digits = str(abs(whole)).rjust(places + 1, "0")
    text = digits if places == 0 else digits[:-places] + "." + digits[-places:]
    return ("-" if whole < 0 else "") + text


class Device:
    def __init__(self, name, function, base=0):
        self.name, self.function, self.base, self.image, self.readings, self.cases = name, function, base, {}, [], []

    def lay(self, address, content):
        for index, word in enumerate(content):
            place = address - self.base + index
            assert place not in self.image, (self.name, address)
            self.image[place] = word

    def put(self, quantity, address, kind, value, unit, places, scale=1, order="abcd"):
        """One plain value: `value` as the register holds it, times `scale` in `unit`."""
        self.lay(address, words(kind, value, order))
        self.readings.append((quantity, rounded(stored(kind, value) * Fraction(scale), places), unit, "G"))

    def phases(self, quantity, addresses, kind, values, *rest, **more):
        for phase, (address, value) in enumerate(zip(addresses, values), 1):
            self.put(f"{quantity}-l{phase}", address, kind, value, *rest, **more)

    def expect(self, quantity, text, unit, quality="G"):
        self.readings.append((quantity, text, unit, quality))

    def case(self, name, changes, *readings):
        """The same image with other registers, and what comes out otherwise."""
        image = dict(self.image)
        for address, content in changes:
            for index, word in enumerate(content):
                assert address - self.base + index in image, (self.name, name)
                image[address - self.base + index] = word
        self.cases.append((name, image, readings))

    def write(self):
        lines = ["# Made by images.py; registers in hexadecimal, addresses as sent.", f"profile: {self.name}", f"function: {self.function}", "cases:"]
        for name, image, readings in [("normal", self.image, self.readings)] + self.cases:
            lines += [f"  - case: {name}", "    registers:"]
            run = []
            for place in sorted(image):
                if run and place != run[-1] + 1:
                    lines.append(row(run, image))
                    run = []
                run.append(place)
            lines += [row(run, image), "    readings:"]
            lines += [f'      - {{ quantity: {q}, value: "{text}", unit: "{unit}", quality: {quality} }}' for q, text, unit, quality in readings]
        with open(os.path.join(FOLDER, self.name + ".yaml"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


def row(run, image):
    return f'      - {{ at: {run[0]}, words: "{" ".join(format(image[place], "04X") for place in run)}" }}'


NAN32 = [0x7FC0, 0x0000]
NAN64 = [0x7FF8, 0, 0, 0]
devices = []


def device(*arguments, **more):
    devices.append(Device(*arguments, **more))
    return devices[-1]


def sdm(name, three_phase, total_only=False):
    d = device(name, 4)
    if three_phase and not total_only:
        d.phases("voltage", [0x00, 0x02, 0x04], "f32", [127.3, 126.9, 128.1], "V", 1)
        d.phases("current", [0x06, 0x08, 0x0A], "f32", [41.25, 39.5, 43.75], "A", 2)
        d.phases("active-power", [0x0C, 0x0E, 0x10], "f32", [4875.5, 4601.25, 5210.0], "kW", 3, Fraction(1, 1000))
        d.put("apparent-power", 0x38, "f32", 15500.0, "kVA", 3, Fraction(1, 1000))
        d.put("reactive-power", 0x3C, "f32", -3120.5, "kvar", 3, Fraction(1, 1000))
        d.put("reactive-energy-import", 0x4C, "f32", 2048.25, "kvarh", 2)
        d.put("reactive-energy-export", 0x4E, "f32", 0.5, "kvarh", 2)
    if three_phase:
        d.put("active-power", 0x34, "f32", 14686.75, "kW", 3, Fraction(1, 1000))
    else:
        d.put("voltage", 0x00, "f32", 126.5, "V", 1)
        d.put("current", 0x06, "f32", 12.75, "A", 2)
        d.put("active-power", 0x0C, "f32", 1500.0, "kW", 3, Fraction(1, 1000))
        d.put("power-factor", 0x1E, "f32", 0.9375, "1", 3)
    if three_phase and not total_only:
        d.put("power-factor", 0x3E, "f32", 0.9475, "1", 3)
    if not total_only:
        d.put("frequency", 0x46, "f32", 59.98, "Hz", 2)
    d.put("active-energy-import", 0x48, "f32", 100000.01, "kWh", 2)  # binary32 keeps 100000.0078125
    d.put("active-energy-export", 0x4A, "f32", 12.34, "kWh", 2)
    d.put("active-energy-total", 0x156, "f32", 100012.35, "kWh", 2)
    d.case("not-a-number", [(0x48, NAN32)], ("active-energy-import", "-", "kWh", "B.sentinel"))
    d.case("infinite-and-negative", [(0x48, [0x7F80, 0]), (0x4A, words("f32", -1.0))],
           ("active-energy-import", "-", "kWh", "B.out-of-range"), ("active-energy-export", "-1.00", "kWh", "B.out-of-range"))


sdm("eastron-sdm630", True)
sdm("eastron-sdm72", True, total_only=True)
sdm("eastron-sdm120", False)
sdm("eastron-sdm230", False)

d = device("schneider-iem3155", 3)
d.phases("current", [2999, 3001, 3003], "f32", [41.25, 39.5, 43.75], "A", 2)
d.phases("voltage", [3027, 3029, 3031], "f32", [277.1, 276.5, 278.0], "V", 1)
d.phases("active-power", [3053, 3055, 3057], "f32", [11.25, 10.5, 12.125], "kW", 3)
d.put("active-power", 3059, "f32", 33.875, "kW", 3)
d.put("reactive-power", 3067, "f32", -4.5, "kvar", 3)
d.put("apparent-power", 3075, "f32", 34.25, "kVA", 3)
d.put("frequency", 3109, "f32", 60.02, "Hz", 2)
d.put("active-energy-import", 3203, "s64", 123456789012, "kWh", 3, Fraction(1, 1000))
d.put("active-energy-export", 3207, "s64", 0, "kWh", 3, Fraction(1, 1000))
d.put("reactive-energy-import", 3219, "s64", 45678901, "kvarh", 3, Fraction(1, 1000))
d.put("reactive-energy-export", 3223, "s64", 17, "kvarh", 3, Fraction(1, 1000))
for phase, address in enumerate([3517, 3521, 3525], 1):
    d.put(f"active-energy-import-l{phase}", address, "s64", 41152263004 + phase, "kWh", 3, Fraction(1, 1000))
d.case("not-a-number", [(3059, NAN32), (3109, [0xFFC0, 0])], ("active-power", "-", "kW", "B.sentinel"), ("frequency", "-", "Hz", "B.sentinel"))
d.case("lowest-integer", [(3203, [0x8000, 0, 0, 0])], ("active-energy-import", "-9223372036854775.808", "kWh", "B.out-of-range"))

for name in ("schneider-pm5560", "schneider-pm2200"):
    d = device(name, 3, base=1)  # the register list counts from 1
    d.put("current-l1", 3000, "f32", 812.5, "A", 2)
    d.put("voltage-l1", 3028, "f32", 277.1, "V", 1)
    d.put("active-power", 3060, "f32", 512.375, "kW", 3)
    d.put("power-factor", 3084, "f32", 0.875, "1", 3)
    d.put("frequency", 3110, "f32", 59.97, "Hz", 2)
    d.put("active-energy-import", 3204, "s64", 9876543210123, "kWh", 3, Fraction(1, 1000))
    d.case("not-a-number", [(3060, NAN32)], ("active-power", "-", "kW", "B.sentinel"))

for name in ("siemens-pac2200", "siemens-pac3200"):
    d = device(name, 3)
    d.phases("voltage", [1, 3, 5], "f32", [277.1, 276.5, 278.0], "V", 1)
    d.phases("current", [13, 15, 17], "f32", [120.25, 118.5, 121.75], "A", 2)
    d.phases("active-power", [25, 27, 29], "f32", [31250.5, 30010.0, 32100.25], "kW", 3, Fraction(1, 1000))
    d.put("current-average", 61, "f32", 120.125, "A", 2)  # a tie: half to even gives .12
    d.put("apparent-power", 63, "f32", 100500.5, "kVA", 3, Fraction(1, 1000))
    d.put("active-power", 65, "f32", 93360.75, "kW", 3, Fraction(1, 1000))
    d.put("reactive-power", 67, "f32", -20100.0, "kvar", 3, Fraction(1, 1000))
    d.put("power-factor", 69, "f32", -0.9375, "1", 3)
    d.lay(801, words("f64", 1234567890.25))
    d.lay(805, words("f64", 500000.5))
    d.expect("active-energy-import", "1235067.890", "kWh")  # 1,234,567.890 + 500.000: each tariff is rounded to 0.001, and 500.0005 is a tie
    d.lay(809, words("f64", 1000.0))
    d.lay(813, words("f64", 2000.0))
    d.expect("active-energy-export", "3.000", "kWh")
    d.case("one-tariff-not-a-number", [(805, NAN64)], ("active-energy-import", "-", "kWh", "B.sentinel"))
    d.case("sum-beyond-the-limit", [(809, words("f64", 1e15)), (813, words("f64", 1.0))], ("active-energy-export", "1000000000000.001", "kWh", "B.out-of-range"))

d = device("siemens-pac1600", 3)
d.phases("voltage", [1, 3, 5], "u32", [12730, 12690, 12811], "V", 2, Fraction(1, 100))
d.phases("current", [7, 9, 11], "u32", [412500, 395000, 437511], "A", 4, Fraction(1, 10000))
d.phases("active-power", [19, 21, 23], "s32", [487550, -460125, 521001], "kW", 5, Fraction(1, 100000))
d.put("frequency", 49, "s32", 5998, "Hz", 2, Fraction(1, 100))
d.put("active-power", 57, "s32", 548426, "kW", 5, Fraction(1, 100000))
d.put("active-energy-import", 6687, "u32", 4294967295, "kWh", 3, Fraction(1, 1000))
d.put("active-energy-export", 6689, "u32", 1, "kWh", 3, Fraction(1, 1000))
d.case("impossible", [(49, words("s32", 0)), (1, words("u32", 0xFFFFFFFF))], ("frequency", "0.00", "Hz", "B.out-of-range"), ("voltage-l1", "42949672.95", "V", "B.out-of-range"))

d = device("abb-b23", 3)
d.put("active-energy-import", 0x5000, "u64", 12345678, "kWh", 2, Fraction(1, 100))
d.put("active-energy-export", 0x5004, "u64", 0, "kWh", 2, Fraction(1, 100))
d.phases("voltage", [0x5B00, 0x5B02, 0x5B04], "u32", [1273, 1269, 1281], "V", 1, Fraction(1, 10))
d.phases("current", [0x5B0C, 0x5B0E, 0x5B10], "u32", [4125, 3950, 4375], "A", 2, Fraction(1, 100))
d.put("active-power", 0x5B14, "s32", -1548426, "kW", 5, Fraction(1, 100000))
d.phases("active-power", [0x5B16, 0x5B18, 0x5B1A], "s32", [487550, 460125, 521001], "kW", 5, Fraction(1, 100000))
d.put("frequency", 0x5B2C, "u16", 6001, "Hz", 2, Fraction(1, 100))
d.put("power-factor", 0x5B3A, "s16", -987, "1", 3, Fraction(1, 1000))
d.case("not-available", [(0x5000, [0xFFFF] * 4), (0x5B00, [0xFFFF] * 2), (0x5B14, [0x7FFF, 0xFFFF]), (0x5B2C, [0xFFFF]), (0x5B3A, [0x7FFF])],
       ("active-energy-import", "-", "kWh", "B.sentinel"), ("voltage-l1", "-", "V", "B.sentinel"), ("active-power", "-", "kW", "B.sentinel"),
       ("frequency", "-", "Hz", "B.sentinel"), ("power-factor", "-", "1", "B.sentinel"), ("voltage-l2", "126.9", "V", "G"))

for name, hertz, bought, sold in (("carlo-gavazzi-em340", 0x33, 0x34, 0x4E), ("carlo-gavazzi-em24", 0x37, 0x42, 0x5C)):
    d = device(name, 4)
    d.phases("voltage", [0x00, 0x02, 0x04], "s32", [1273, 1269, 1281], "V", 1, Fraction(1, 10), order="cdab")
    d.phases("current", [0x0C, 0x0E, 0x10], "s32", [41250, 39500, -43750], "A", 3, Fraction(1, 1000), order="cdab")
    d.phases("active-power", [0x12, 0x14, 0x16], "s32", [48755, 46012, -52100], "kW", 4, Fraction(1, 10000), order="cdab")
    d.put("active-power", 0x28, "s32", 42667, "kW", 4, Fraction(1, 10000), order="cdab")
    d.put("frequency", hertz, "u16", 600, "Hz", 1, Fraction(1, 10))
    d.put("active-energy-import", bought, "s32", 12345678, "kWh", 1, Fraction(1, 10), order="cdab")
    d.put("active-energy-export", sold, "s32", 90, "kWh", 1, Fraction(1, 10), order="cdab")
    d.case("impossible", [(0x00, words("s32", -1, "cdab")), (bought, words("s32", -5, "cdab"))], ("voltage-l1", "-0.1", "V", "B.out-of-range"), ("active-energy-import", "-0.5", "kWh", "B.out-of-range"))

d = device("carlo-gavazzi-em112", 4)
d.put("voltage", 0x00, "s32", 1273, "V", 1, Fraction(1, 10), order="cdab")
d.put("current", 0x02, "s32", 12750, "A", 3, Fraction(1, 1000), order="cdab")
d.put("active-power", 0x04, "s32", -15000, "kW", 4, Fraction(1, 10000), order="cdab")
d.put("apparent-power", 0x06, "s32", 16230, "kVA", 4, Fraction(1, 10000), order="cdab")
d.put("reactive-power", 0x08, "s32", 6201, "kvar", 4, Fraction(1, 10000), order="cdab")
d.put("frequency", 0x0F, "u16", 599, "Hz", 1, Fraction(1, 10))
d.put("active-energy-import", 0x10, "s32", 12345678, "kWh", 1, Fraction(1, 10), order="cdab")
d.put("active-energy-export", 0x20, "s32", 90, "kWh", 1, Fraction(1, 10), order="cdab")
d.case("impossible", [(0x0F, [0])], ("frequency", "0.0", "Hz", "B.out-of-range"))

d = device("lovato-dmg610", 4)
d.phases("voltage", [0x01, 0x03, 0x05], "u32", [27710, 27650, 27801], "V", 2, Fraction(1, 100))
d.phases("current", [0x07, 0x09, 0x0B], "u32", [1202500, 1185000, 1217511], "A", 4, Fraction(1, 10000))
d.put("frequency", 0x31, "u32", 59980, "Hz", 3, Fraction(1, 1000))
d.put("active-power", 0x39, "s32", 9336075, "kW", 5, Fraction(1, 100000))
d.put("active-energy-import", 0x1B1F, "u64", 123456789012, "kWh", 2, Fraction(1, 100))
d.put("active-energy-export", 0x1B23, "u64", 7, "kWh", 2, Fraction(1, 100))
d.case("impossible", [(0x1B1F, [0xFFFF] * 4), (0x31, words("u32", 0))], ("active-energy-import", "-", "kWh", "B.out-of-range"), ("frequency", "0.000", "Hz", "B.out-of-range"))

d = device("chint-dtsu666", 3)
d.phases("voltage", [0x2006, 0x2008, 0x200A], "f32", [1273.0, 1269.0, 1281.0], "V", 1, Fraction(1, 10))
d.phases("current", [0x200C, 0x200E, 0x2010], "f32", [41250.0, 39500.0, 43751.0], "A", 3, Fraction(1, 1000))
d.put("active-power", 0x2012, "f32", 146867.0, "kW", 4, Fraction(1, 10000))
d.put("power-factor", 0x202A, "f32", -948.0, "1", 3, Fraction(1, 1000))
d.put("frequency", 0x2044, "f32", 5998.0, "Hz", 2, Fraction(1, 100))
d.put("active-energy-import", 0x101E, "f32", 1234.56, "kWh", 2)
d.put("active-energy-export", 0x1028, "f32", 0.0, "kWh", 2)
d.case("not-a-number", [(0x101E, NAN32)], ("active-energy-import", "-", "kWh", "B.sentinel"))

d = device("acrel-adw300", 3)
d.phases("voltage", [20, 21, 22], "u16", [1273, 1269, 1281], "V", 1, Fraction(1, 10))
d.phases("current", [26, 27, 28], "u16", [412, 395, 437], "A", 2, Fraction(1, 100))
d.phases("active-power", [30, 32, 34], "s32", [4875, -4601, 5210], "kW", 3, Fraction(1, 1000))
d.put("active-power", 36, "s32", 5484, "kW", 3, Fraction(1, 1000))
d.put("active-energy-import", 62, "s32", 12345678, "kWh", 2, Fraction(1, 100))
d.put("active-energy-export", 64, "s32", 0, "kWh", 2, Fraction(1, 100))
d.case("impossible", [(20, [0xFFFF]), (62, [0xFFFF, 0xFFFF])], ("voltage-l1", "6553.5", "V", "B.out-of-range"), ("active-energy-import", "-0.01", "kWh", "B.out-of-range"))

d = device("janitza-b23", 3)
d.phases("voltage", [0x4A38, 0x4A3A, 0x4A3C], "f32", [277.1, 276.5, 278.0], "V", 1)
d.phases("current", [0x4A44, 0x4A46, 0x4A48], "f32", [120.25, 118.5, 121.75], "A", 2)
d.put("active-power", 0x4A52, "f32", 93360.75, "kW", 3, Fraction(1, 1000))
d.put("active-energy-import", 0x4A7C, "f32", 16777217.0, "kWh", 3, Fraction(1, 1000))  # binary32 keeps 16777216
d.put("active-energy-export", 0x4A84, "f32", 1500.0, "kWh", 3, Fraction(1, 1000))
d.case("not-a-number", [(0x4A7C, NAN32)], ("active-energy-import", "-", "kWh", "B.sentinel"))

d = device("siemens-mag6000", 3)
d.lay(3002, [0x40C3, 0x5293])  # the manual's own example: 6.10383 m3/s
d.expect("flow", rounded(Fraction(struct.unpack(">f", bytes.fromhex("40C35293"))[0]) * 3600, 3), "m3/h")
d.put("volume", 3014, "f64", 123456.789, "m3", 3)
d.put("volume-2", 3018, "f64", 0.0005, "m3", 3)  # just above half of the last place
d.case("not-a-number", [(3014, NAN64), (3002, NAN32)], ("volume", "-", "m3", "B.sentinel"), ("flow", "-", "m3/h", "B.sentinel"))

d = device("endress-promag", 3, base=1)
d.put("flow", 2009, "f32", 12.5, "m3/h", 3, order="cdab")
d.put("volume", 2610, "f32", 98765.5, "m3", 3, order="cdab")
d.case("not-a-number", [(2009, NAN32[::-1])], ("flow", "-", "m3/h", "B.sentinel"))

d = device("badger-m2000", 3)
d.put("flow", 237, "f32", 0.0125, "m3/h", 3, 3600)
d.put("volume-forward", 207, "f32", 4567.25, "m3", 3)
d.put("volume-reverse", 215, "f32", 0.5, "m3", 3)
d.put("volume-net", 223, "f32", 4566.75, "m3", 3)
d.put("volume-forward-rollovers", 231, "u16", 2, "1", 0)
d.put("volume-reverse-rollovers", 232, "u16", 0, "1", 0)
d.case("not-a-number", [(207, NAN32)], ("volume-forward", "-", "m3", "B.sentinel"))

d = device("tuf-2000m", 3)
d.put("flow", 0, "f32", 12.3456, "m3/h", 4, order="cdab")
d.put("velocity", 4, "f32", 1.25, "m/s", 4, order="cdab")
d.lay(8, words("s32", 802609, "cdab"))
d.lay(10, words("f32", 0.9375, "cdab"))
d.expect("volume-forward", "802609.9375", "m3")
d.lay(12, words("s32", -3, "cdab"))
d.lay(14, words("f32", -0.25, "cdab"))
d.expect("volume-reverse", "-3.2500", "m3")
d.case("fraction-not-a-number", [(10, NAN32[::-1])], ("volume-forward", "-", "m3", "B.sentinel"))
d.case("fraction-impossible", [(10, words("f32", 7.5, "cdab"))], ("volume-forward", "-", "m3", "B.out-of-range"))
d.case("fraction-carries", [(10, words("f32", 0.99999, "cdab"))], ("volume-forward", "802610.0000", "m3", "G"))

d = device("kamstrup-multical", 3)
d.put("flow-v1", 0, "f32", 3.25, "m3/h", 3)
d.put("flow-v2", 2, "f32", 0.0, "m3/h", 3)
d.put("thermal-power", 4, "f32", 75.5, "kW", 3)
for index, value in enumerate([80.25, 60.5, 20.0, 5.75]):
    d.put(f"temperature-t{index + 1}", 6 + 2 * index, "f32", value, "degC", 2)
d.case("no-sensor", [(10, NAN32), (12, words("f32", 500.0))], ("temperature-t3", "-", "degC", "B.sentinel"), ("temperature-t4", "500.00", "degC", "B.out-of-range"))

d = device("xylem-magflux", 3)
d.put("flow", 600, "f32", 0.0125, "m3/h", 3, 3600, order="cdab")
d.put("volume-forward", 604, "u64", 123456789012345678, "m3", 9, Fraction(1, 10 ** 9), order="cdab")
d.put("volume-resettable", 608, "u32", 4567, "m3", 3, Fraction(1, 1000), order="cdab")
d.case("not-available", [(600, NAN32[::-1]), (604, [0xFFFF] * 4)], ("flow", "-", "m3/h", "B.sentinel"), ("volume-forward", "-", "m3", "B.out-of-range"))

d = device("endress-cm44x", 4)
for output, (quantity, value, unit, code, places) in enumerate([
        ("ph", 7.25, "pH", 53, 2), ("ph-temperature", 24.5, "degC", 89, 2), ("conductivity", 1.2345, "mS/cm", 72, 4),
        ("conductivity-temperature", 25.0, "degC", 89, 2), ("turbidity", 35.5, "FNU", 33, 2), ("dissolved-oxygen", 2.125, "mg/L", 47, 3)]):
    d.put(quantity, 4 * output, "f32", value, unit, places)
    d.lay(4 * output + 2, [0, code])
d.case("status", [(2, [1]), (6, [2]), (10, [3]), (14, [9])], ("ph", "7.25", "pH", "U"), ("ph-temperature", "24.50", "degC", "B.sentinel"),
       ("conductivity", "1.2345", "mS/cm", "B.sentinel"), ("conductivity-temperature", "25.00", "degC", "B.sentinel"), ("turbidity", "35.50", "FNU", "G"))
d.case("another-unit", [(3, [110]), (23, [7])], ("ph", "-", "pH", "B.unexpected-reply"), ("dissolved-oxygen", "-", "mg/L", "B.unexpected-reply"), ("turbidity", "35.50", "FNU", "G"))
d.case("not-a-number", [(0, [0x7FA0, 0x0000, 2]), (4, NAN32)], ("ph", "-", "pH", "B.sentinel"), ("ph-temperature", "-", "degC", "B.sentinel"))

d = device("hach-3400sc", 3, base=40001)
d.put("conductivity", 40003, "f32", 1.2345, "mS/cm", 4)
d.put("temperature", 40005, "f32", 24.5, "degC", 2)
d.case("not-a-number", [(40003, NAN32)], ("conductivity", "-", "mS/cm", "B.sentinel"))

d = device("hach-surface-scatter-7", 3, base=40001)
d.put("turbidity", 40001, "f32", 35.125, "NTU", 3)
d.case("not-a-number", [(40001, NAN32)], ("turbidity", "-", "NTU", "B.sentinel"))

d = device("hach-uvas", 3, base=40001)
d.put("concentration", 40001, "f32", 412.25, "mg/L", 2)
d.lay(40003, [0])
d.case("grams-per-litre", [(40001, words("f32", 0.41225)), (40003, [1])], ("concentration", rounded(stored("f32", 0.41225) * 1000, 2), "mg/L", "G"))
d.case("another-unit", [(40003, [2])], ("concentration", "-", "mg/L", "B.unexpected-reply"))
d.case("not-a-number", [(40001, NAN32)], ("concentration", "-", "mg/L", "B.sentinel"))

d = device("siemens-hydroranger-200", 3, base=40001)
d.put("volume-1", 41040, "u32", 12345678, "m3", 0)
d.put("volume-2", 41042, "u32", 4294967295, "m3", 0)

d = device("vpinstruments-vpflowscope", 3)
d.put("flow", 17, "s32", 4567, "Nm3/h", 1, Fraction(1, 10))
d.put("pressure", 32, "s32", 68, "bar", 1, Fraction(1, 10))
d.put("temperature", 64, "s32", -35, "degC", 1, Fraction(1, 10))
d.put("volume", 128, "s32", 1234567, "Nm3", 1, Fraction(1, 10))
d.case("impossible", [(32, words("s32", 2147483647)), (128, words("s32", -1))], ("pressure", "214748364.7", "bar", "B.out-of-range"), ("volume", "-0.1", "Nm3", "B.out-of-range"))

d = device("suto-s401", 3)
d.put("temperature", 0, "f32", 31.5, "degC", 2, order="dcba")
d.put("pressure", 2, "f32", 6.875, "bar", 3, order="dcba")
d.put("velocity", 4, "f32", 12.5, "m/s", 3, order="dcba")
d.put("flow", 6, "f32", 456.75, "m3/h", 3, order="dcba")
d.put("volume", 8, "u32", 1234567, "m3", 0, order="dcba")
d.case("not-a-number", [(6, [0x0000, 0xC07F])], ("flow", "-", "m3/h", "B.sentinel"))

d = device("sick-flowsic500", 3)
d.lay(4100, words("s16", -2))
d.lay(4102, words("u32", 12345678))
d.expect("volume", "123456.780", "m3")
d.case("other-resolutions", [(4100, words("s16", 1))], ("volume", "123456780.000", "m3", "G"))
d.case("finer-than-kept", [(4100, words("s16", -4))], ("volume", "1234.568", "m3", "G"))
d.case("impossible-resolution", [(4100, words("s16", 32767))], ("volume", "-", "m3", "B.out-of-range"))

if __name__ == "__main__":
    for one in devices:
        one.write()
