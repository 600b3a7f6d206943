package studio

import (
	"context"

	"loam"
)

// maxPhotos bounds the pictures of one note: four on each page, and some to choose from.
const maxPhotos = 80

// ownAssets refuses a draft that names a picture or sound of somebody else, or one for the other.
func (s *Studio) ownAssets(ctx context.Context, owner string, d *loam.Draft) error {
	ids := map[string]bool{}
	for _, p := range d.Pages {
		if p.Asset != "" {
			ids[p.Asset] = true
		}
		for _, f := range p.Photos { // also where the kind does not show them now
			ids[f.Asset] = true
		}
	}
	for _, p := range d.Pictures {
		ids[p.Asset] = true
	}
	if len(ids) > maxPhotos {
		return loam.Fail(loam.TooLarge, "pictures.too_many", maxPhotos)
	}
	for id := range ids {
		a, err := s.Store.Asset(ctx, owner, id)
		if err == nil && a.Audio() {
			err = loam.Fail(loam.Invalid, "picture.type")
		}
		if err != nil {
			return err
		}
	}
	if d.Sound == nil {
		return nil
	}
	a, err := s.Store.Asset(ctx, owner, d.Sound.Asset)
	if err == nil && !a.Audio() {
		err = loam.Fail(loam.Invalid, "sound.type")
	}
	if err == nil {
		sound := *d.Sound
		sound.Millis = a.Millis
		d.Sound = &sound
	}
	return err
}
