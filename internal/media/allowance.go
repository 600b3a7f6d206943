package media

// Bounds of what one file may have unpacked and parsed: a packet of the longest sort in a small
// file, a few in any.
const (
	leastAllowed = 2 << 20
	mostAllowed  = 4 << 20
)

// allowance is how many bytes of a file's metadata are still unpacked, and parsed as XML: both
// cost far more than the bytes that ask for it.
type allowance int64

func allowed(src Source) *allowance {
	a := allowance(min(mostAllowed, leastAllowed+src.Size()))
	return &a
}

// take spends n bytes and reports whether there were as many.
func (a *allowance) take(n int64) bool {
	*a -= allowance(n)
	return *a >= 0
}

// packet spends what parsing an XMP packet of n bytes takes: none for one that is too long for it.
func (a *allowance) packet(n int64) bool { return n > maxPacket || a.take(n) }

// spent reports whether more was asked for than is given.
func (a *allowance) spent() bool { return *a < 0 }

// errPackets is a file with more XMP than is parsed.
func errPackets() error { return damaged("xmp: more packets than are parsed") }
