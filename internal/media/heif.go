package media

import (
	"bytes"
	"cmp"
	"io"
	"slices"
)

// Bounds of the list of items that is read, and of the parts of one that holds metadata.
const (
	maxItemInfo = 1 << 20
	maxParts    = 1024
)

// isHEIF tells a still picture or a sequence of ISO 23008-12 by its brands.
func isHEIF(head []byte, _ Source) bool {
	major, brands := brandsOf(head)
	switch major {
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs":
		return true
	case "mif1", "msf1", "mif2":
		return !slices.Contains(brands, "avif") && !slices.Contains(brands, "avis")
	}
	return false
}

// isAVIF tells a picture or sequence of AV1.
func isAVIF(head []byte, src Source) bool {
	major, brands := brandsOf(head)
	switch major {
	case "avif", "avis":
		return true
	case "mif1", "msf1", "mif2":
		return len(brands) > 0 && !isHEIF(head, src)
	}
	return false
}

// brandsOf reads an ftyp box at the start of a file.
func brandsOf(head []byte) (string, []string) {
	b, err := boxAt(bytes.NewReader(head), 0, int64(len(head)))
	if err != nil || b.kind != "ftyp" || b.end-b.body < 8 {
		return "", nil
	}
	var brands []string
	for i := b.body + 8; i+4 <= b.end; i += 4 {
		brands = append(brands, string(head[i:i+4]))
	}
	return string(head[b.body : b.body+4]), brands
}

// heifMarks reads the XMP and EXIF items of a picture, what a film of the same family may hold
// beside them, and what stands behind its boxes.
func heifMarks(src Source) ([]Found, error) {
	f, err := filmScan(src, "heif")
	out, whole := f.marks(), src
	tail, tailed := tailOf(err)
	if err != nil && !tailed {
		return out, err
	}
	if tailed {
		whole = io.NewSectionReader(src, 0, tail)
	}
	items, bad := heifItems(whole)
	if out = append(out, items...); !tailed {
		return out, bad
	}
	out, late := lateMarks(src, tail, "heif.trailer", out, nil)
	return out, cmp.Or(bad, late, err)
}

// heifItems reads the items of a picture.
func heifItems(src Source) (out []Found, err error) {
	var info, places, data *box
	err = boxWalk(src, []string{"meta"}, func(b box, in []box) error {
		if len(in) != 1 {
			return nil
		}
		switch b.kind {
		case "iinf":
			info = &b
		case "iloc":
			places = &b
		case "idat":
			data = &b
		}
		return nil
	})
	if err != nil || info == nil || places == nil {
		return out, err
	}
	items, err := metadataItems(src, *info)
	if err != nil || len(items) == 0 {
		return out, err
	}
	table, err := places.content(src, maxItems+1)
	if err != nil {
		return out, err
	}
	if len(table) > maxItems {
		return out, damaged("heif: too many items")
	}
	left, packets := 2*src.Size(), allowed(src) // items may share their bytes
	err = eachItem(table, func(it itemPlace) error {
		kind := items[it.id]
		if kind == "" || it.elsewhere {
			return nil
		}
		b, err := it.data(src, data)
		if err != nil {
			return err
		}
		if left -= b.Size(); left < 0 {
			return damaged("heif: more items than its bytes can hold apart")
		}
		var found []Found
		if kind == "Exif" {
			found, err = exifItem(b)
		} else {
			found, err = packetMarks(b, 0, b.Size(), "heif.xmp", packets)
		}
		if out = append(out, found...); err == nil && len(out) > maxLabels {
			err = damaged("heif: too many labels")
		}
		return err
	})
	return out, err
}

// metadataItems lists the items that are EXIF or XMP by their number (ISO 14496-12, 8.11.6).
func metadataItems(src Source, info box) (map[uint32]string, error) {
	head, err := info.content(src, 8)
	if err != nil || len(head) < 6 {
		return nil, damaged("heif: item list cut short")
	}
	start := info.body + 6
	if head[0] > 0 {
		start += 2
	}
	out := map[uint32]string{}
	left := maxItemInfo
	err = boxes(windowed(src), start, info.end, &left, func(b box) error {
		entry, err := b.content(src, 512)
		if err != nil {
			return err
		}
		r := &fields{b: entry}
		version, size := r.next(4)>>24, 2
		if version < 2 || b.kind != "infe" {
			return nil
		}
		if version > 2 {
			size = 4
		}
		id := uint32(r.next(size))
		r.next(2)
		kind := string(entry[r.i:min(len(entry), r.i+4)])
		r.next(4)
		_, content, _ := bytes.Cut(entry[r.i:], []byte{0})
		if kind == "Exif" || kind == "mime" && bytes.HasPrefix(content, []byte("application/rdf+xml")) {
			out[id] = kind
		}
		if len(out) > maxLabels {
			return damaged("heif: too many metadata items")
		}
		return nil
	})
	return out, err
}

// data is an item put together from its stretches of the file.
func (it itemPlace) data(src Source, idat *box) (*Edit, error) {
	if len(it.extents) > maxParts {
		return nil, damaged("heif: an item in more parts than any has")
	}
	from, end := int64(0), src.Size()
	out := new(Edit)
	switch {
	case it.method == 1 && idat != nil:
		from, end = idat.body, idat.end
	case it.method != 0:
		return out, nil
	}
	for _, x := range it.extents {
		at := it.base + x.offset
		if at < it.base || at > uint64(end-from) || x.length > uint64(end-from)-at {
			return nil, damaged("heif: item beyond what holds it")
		}
		n := int64(x.length)
		if n == 0 {
			n = end - from - int64(at)
		}
		out.keep(src, from+int64(at), from+int64(at)+n)
	}
	return out, nil
}

// exifItem reads an Exif item: the place of the TIFF header, then what may stand before it
// (ISO 23008-12, A.2.1).
func exifItem(b *Edit) ([]Found, error) {
	head, err := read(b, 0, min(4, b.Size()))
	if err != nil {
		return nil, err
	}
	r := &fields{b: head}
	at := int64(r.next(4)) + 4
	if at > b.Size() {
		return nil, nil
	}
	return exifLies(b, at, b.Size()-at, "heif.exif")
}
