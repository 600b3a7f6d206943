package loam

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"time"
)

// Clock tells the time. Parts take it as a value so that tests own it.
type Clock func() time.Time

// Now is the clock's time as Loam stores it: milliseconds since 1970, UTC.
func (c Clock) Now() int64 { return c().UnixMilli() }

// Shanghai is the zone of every legal day, deadline and daily count.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Day is the legal day (Asia/Shanghai) of a time in milliseconds, as 2026-11-24.
func Day(ms int64) string { return time.UnixMilli(ms).In(Shanghai).Format(time.DateOnly) }

const idAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"

var idText = base32.NewEncoding(idAlphabet).WithPadding(base32.NoPadding)

// NewID makes a UUIDv7 (RFC 9562 §5.7) as 26 characters of lower-case Crockford base32:
// its text order is its time order to the millisecond.
func NewID(now time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails since Go 1.24
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli())<<16|uint64(b[6])<<8|uint64(b[7]))
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	return idText.EncodeToString(b[:])
}

// TimeOf is when an id was made, in milliseconds; 0 for anything else.
func TimeOf(id string) int64 {
	b, err := idText.DecodeString(id)
	if err != nil || len(b) != 16 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(b[:8]) >> 16)
}

// IsID reports whether s has the form NewID gives.
func IsID(s string) bool {
	return len(s) == 26 && strings.Trim(s, idAlphabet) == ""
}

// NewSecret makes a random token of 160 bits, for links and keys that are shown once.
func NewSecret() string {
	var b [20]byte
	_, _ = rand.Read(b[:])
	return idText.EncodeToString(b[:])
}

// DayStart is the first millisecond of that legal day.
func DayStart(ms int64) int64 {
	y, m, d := time.UnixMilli(ms).In(Shanghai).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Shanghai).UnixMilli()
}
