package media

import "slices"

// The fields that say where a page's pixels are (TIFF 6.0, sections 3 and 15), and the
// directories below a page (TIFF Technical Note 1), where cameras keep the picture itself.
const (
	tagStripAt    = 273
	tagStripBytes = 279
	tagTileAt     = 324
	tagTileBytes  = 325
	tagSubIFDs    = 330
)

// numbersAtOnce is how many values of a field are held: a scan of a map has millions of tiles.
const numbersAtOnce = 1024

// tiffPixels refuses a file whose pixels lie beyond its end, as those of one that was cut do, and
// tells where its pages end.
func tiffPixels(src Source) (end int64, err error) {
	t, err := tiffOpen(src)
	if err != nil {
		return 0, err
	}
	err = t.dirs(func(d tiffDir) error {
		if err := t.pixels(d); err != nil {
			return err
		}
		below := d.field(tagSubIFDs)
		for i := int64(0); i < below.numbers(); i += numbersAtOnce {
			places, err := t.numbers(below, i)
			if err != nil {
				return err
			}
			for _, at := range places {
				sub, err := t.dir(at)
				if err == nil {
					err = t.pixels(sub)
				}
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	return t.reach, err
}

// pixels checks the strips and tiles of one directory. Old files do not say how long they are.
func (t *tiffFile) pixels(d tiffDir) error {
	for _, tags := range [][2]uint16{{tagStripAt, tagStripBytes}, {tagTileAt, tagTileBytes}} {
		at, sizes := d.field(tags[0]), d.field(tags[1])
		if at.n < 0 || sizes.n < 0 {
			return broken("tiff: a value outside the file")
		}
		for i := int64(0); i < at.numbers(); i += numbersAtOnce {
			places, err := t.numbers(at, i)
			if err != nil {
				return err
			}
			lengths, err := t.numbers(sizes, i)
			if err != nil {
				return err
			}
			lengths = append(lengths, make([]int64, max(0, len(places)-len(lengths)))...)
			for k, from := range places {
				if from > t.src.Size() || lengths[k] > t.src.Size()-from {
					return broken("tiff: pixels outside the file")
				}
				t.reach = max(t.reach, from+lengths[k])
			}
		}
	}
	return nil
}

// field is the first field of a tag, an empty one where there is none.
func (d tiffDir) field(tag uint16) tiffField {
	if i := slices.IndexFunc(d.fields, func(f tiffField) bool { return f.tag == tag }); i >= 0 {
		return d.fields[i]
	}
	return tiffField{}
}

// width is how many bytes a place or a length takes in a field, 0 for one of another type.
func (f tiffField) width() int64 {
	switch f.kind {
	case 3: // SHORT
		return 2
	case 4, 13: // LONG, IFD
		return 4
	case 16, 18: // LONG8, IFD8
		return 8
	}
	return 0
}

// numbers is how many places or lengths a field holds.
func (f tiffField) numbers() int64 {
	if f.n <= 0 || f.width() == 0 {
		return 0
	}
	return f.n / f.width()
}

// numbers reads at most numbersAtOnce of a field's places or lengths, from the i-th on.
func (t *tiffFile) numbers(f tiffField, i int64) ([]int64, error) {
	n, width := min(f.numbers()-i, numbersAtOnce), f.width()
	if n <= 0 {
		return nil, nil
	}
	if err := t.spend(n * width); err != nil {
		return nil, err
	}
	b, err := read(t.src, f.at+i*width, n*width)
	if err != nil {
		return nil, err
	}
	out := make([]int64, 0, n)
	for ; len(b) > 0; b = b[width:] {
		switch width {
		case 2:
			out = append(out, int64(t.order.Uint16(b)))
		case 4:
			out = append(out, int64(t.order.Uint32(b)))
		default:
			out = append(out, int64(min(t.order.Uint64(b), 1<<62)))
		}
	}
	return out, nil
}
