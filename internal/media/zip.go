package media

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"io"
	"slices"
)

// The ZIP archive of an office document (PKWARE APPNOTE 6.3). What is kept is kept as its
// bytes stand, which archive/zip cannot promise: local headers, descriptors, gaps, order.
const (
	zipLocal     = "PK\x03\x04"
	zipCentral   = "PK\x01\x02"
	zipEnd       = "PK\x05\x06"
	zipCentralN  = 46
	zipEndN      = 22
	maxZipFiles  = 1<<16 - 1
	maxZipPart   = 8 << 20 // of a part that is read
	maxDirectory = 32 << 20
)

// zipFile is an archive by its central directory.
type zipFile struct {
	src     Source
	entries []zipEntry
	from    int64  // of the central directory
	end     []byte // its end record, less the comment
	ends    int64  // behind that record: where the comment stands, and what else was put there
}

// zipEntry is one member: record is its central directory record.
type zipEntry struct {
	name   string
	method uint16
	packed int64
	size   int64
	at     int64
	record []byte
}

func zipOpen(src Source) (*zipFile, error) {
	at, err := findLast(src, zipEnd, MaxBytes)
	if err != nil {
		return nil, err
	}
	if at < 0 || src.Size()-at < zipEndN {
		return nil, damaged("zip: no end of the directory")
	}
	z := &zipFile{src: src, ends: at + zipEndN}
	if z.end, err = read(src, at, zipEndN); err != nil {
		return nil, err
	}
	count := int(binary.LittleEndian.Uint16(z.end[10:]))
	length := int64(binary.LittleEndian.Uint32(z.end[12:]))
	z.from = int64(binary.LittleEndian.Uint32(z.end[16:]))
	if z.from+length != at || length > maxDirectory || count == maxZipFiles {
		return nil, damaged("zip: the directory is not where it should be") // or a ZIP64 one
	}
	b, err := read(src, z.from, length)
	if err != nil {
		return nil, err
	}
	z.entries = make([]zipEntry, 0, min(count, len(b)/zipCentralN))
	for len(b) > 0 {
		e, rest, ok := zipRecord(b)
		if !ok || e.at > z.from-30 || len(z.entries) >= count {
			return nil, damaged("zip: a directory that cannot be read")
		}
		z.entries = append(z.entries, e)
		b = rest
	}
	if len(z.entries) != count {
		return nil, damaged("zip: other members than it says")
	}
	return z, nil
}

func zipRecord(b []byte) (e zipEntry, rest []byte, ok bool) {
	if len(b) < zipCentralN || string(b[:4]) != zipCentral {
		return e, nil, false
	}
	name := int(binary.LittleEndian.Uint16(b[28:]))
	n := zipCentralN + name + int(binary.LittleEndian.Uint16(b[30:])) + int(binary.LittleEndian.Uint16(b[32:]))
	if n > len(b) {
		return e, nil, false
	}
	return zipEntry{
		name: string(b[zipCentralN : zipCentralN+name]), method: binary.LittleEndian.Uint16(b[10:]),
		packed: int64(binary.LittleEndian.Uint32(b[20:])), size: int64(binary.LittleEndian.Uint32(b[24:])),
		at: int64(binary.LittleEndian.Uint32(b[42:])), record: b[:n],
	}, b[n:], true
}

// find is the index of a member by its name without regard to case, -1 if there is none.
func (z *zipFile) find(name string) int {
	return slices.IndexFunc(z.entries, func(e zipEntry) bool { return equalFold(e.name, name) })
}

// part reads a member. More than maxZipPart is an error, whatever the archive says of it.
func (z *zipFile) part(i int) ([]byte, error) {
	e := z.entries[i]
	head, err := read(z.src, e.at, 30)
	if err != nil || string(head[:4]) != zipLocal {
		return nil, damaged("zip: no member where one must be")
	}
	from := e.at + 30 + int64(binary.LittleEndian.Uint16(head[26:])) + int64(binary.LittleEndian.Uint16(head[28:]))
	if e.packed > maxZipPart || from+e.packed > z.from || binary.LittleEndian.Uint16(head[6:])&1 != 0 || e.size > min(maxZipPart, 1<<20+z.src.Size()) {
		return nil, damaged("zip: a part too large, longer than its archive, or encrypted")
	}
	var r io.Reader = io.NewSectionReader(z.src, from, e.packed)
	switch e.method {
	case 0:
	case 8:
		r = flate.NewReader(r)
	default:
		return nil, damaged("zip: a part packed in another way")
	}
	b := make([]byte, e.size)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, damaged("zip: a part that cannot be inflated")
	}
	if n, _ := r.Read(make([]byte, 1)); n > 0 || crc32.ChecksumIEEE(b) != binary.LittleEndian.Uint32(e.record[16:]) {
		return nil, damaged("zip: a part that is not what it was")
	}
	return b, nil
}

// rewrite plans the archive with some parts changed, and new ones at its end. What stands behind
// it is kept, less the labels there.
func (z *zipFile) rewrite(changed map[int][]byte, names []string, added map[string][]byte, late []lateLabel) (*Edit, error) {
	order := make([]int, len(z.entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(max(-1, min(1, z.entries[a].at-z.entries[b].at))) })
	e := new(Edit)
	records := make([][]byte, len(z.entries))
	at := int64(0)
	for k, i := range order {
		entry, next := z.entries[i], z.from
		if k+1 < len(order) {
			next = z.entries[order[k+1]].at
		}
		if next < entry.at+30+entry.packed {
			return nil, damaged("zip: members that share their bytes")
		}
		e.keep(z.src, at, entry.at)
		at = next
		records[i] = bytes.Clone(entry.record)
		binary.LittleEndian.PutUint32(records[i][42:], uint32(e.size))
		if data, ok := changed[i]; ok {
			local, record := zipMember(entry.name, data)
			copy(record[12:16], entry.record[12:16]) // its time
			copy(local[10:14], entry.record[12:16])
			binary.LittleEndian.PutUint32(record[42:], uint32(e.size))
			records[i] = record
			e.add(local)
		} else {
			e.keep(z.src, entry.at, next)
		}
	}
	e.keep(z.src, at, z.from)
	for _, name := range names {
		local, record := zipMember(name, added[name])
		binary.LittleEndian.PutUint32(record[42:], uint32(e.size))
		records = append(records, record)
		e.add(local)
	}
	from := e.size
	for _, r := range records {
		e.add(r)
	}
	if e.size > 1<<32-2 || len(records) >= maxZipFiles {
		return nil, errNoRoom()
	}
	end := bytes.Clone(z.end)
	binary.LittleEndian.PutUint16(end[8:], uint16(len(records)))
	binary.LittleEndian.PutUint16(end[10:], uint16(len(records)))
	binary.LittleEndian.PutUint32(end[12:], uint32(e.size-from))
	binary.LittleEndian.PutUint32(end[16:], uint32(from))
	e.add(end)
	e.keepLess(z.src, z.ends, z.src.Size(), late)
	return e, nil
}

// zipMember packs a part: its local header with data, and its directory record. Its date is
// the first a ZIP can tell, so that the same part is always the same bytes.
func zipMember(name string, data []byte) (local, record []byte) {
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.DefaultCompression) // of a level that exists
	_, _ = w.Write(data)                                       // into memory
	_ = w.Close()
	le := binary.LittleEndian
	fields := []byte{20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0}
	fields = le.AppendUint32(fields, crc32.ChecksumIEEE(data))
	fields = le.AppendUint32(fields, uint32(packed.Len()))
	fields = le.AppendUint32(fields, uint32(len(data)))
	fields = le.AppendUint16(fields, uint16(len(name)))
	fields = le.AppendUint16(fields, 0)
	local = append([]byte(zipLocal), fields...)
	local = append(append(local, name...), packed.Bytes()...)
	record = append([]byte(zipCentral), 20, 0)
	record = append(append(record, fields...), make([]byte, 14)...)
	return local, append(record, name...)
}
