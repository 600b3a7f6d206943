package label

import (
	"bytes"
	"slices"

	"loam"
	"loam/internal/c2pa"
	"loam/internal/media"
)

// Manifest is what Content Credentials say of a file, and who signs them.
type Manifest struct {
	Claim  c2pa.Claim
	Signer c2pa.Signer
}

// Carries reports whether Content Credentials are written into a container (C2PA 2.2, A.3 to
// A.5).
func Carries(t media.Type) bool {
	return slices.Contains([]media.Type{media.JPEG, media.PNG, media.WebP, media.MP4}, t)
}

// credentials signs a labelled file in memory; see sign.
func (o Options) credentials(b []byte) ([]byte, error) {
	t, err := media.Identify(bytes.NewReader(b))
	if err != nil || o.Manifest == nil || !Carries(t) {
		return b, err
	}
	e, err := o.sign(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return e.Bytes()
}

// sign puts a manifest into a labelled file and reads it back as a stranger would: nothing
// written later would leave the signature whole, so the label is written before.
func (o Options) sign(src media.Source) (*media.Edit, error) {
	e, err := c2pa.Sign(src, o.Manifest.Claim, o.Manifest.Signer)
	if err != nil {
		return nil, err
	}
	r, err := c2pa.Inspect(e, o.Manifest.Signer.Trust, o.Manifest.Signer.Now)
	if err != nil {
		return nil, loam.Fail(loam.Internal, "label.mismatch").Because(err)
	}
	if r.State == c2pa.Invalid || r.State == c2pa.None || o.Manifest.Signer.Trust != nil && r.State != c2pa.Trusted {
		return nil, loam.Fail(loam.Internal, "label.mismatch")
	}
	return e, nil
}
