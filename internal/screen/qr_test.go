package screen

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"

	"loam"
)

func TestWhatCodesLeadTo(t *testing.T) {
	t.Parallel()
	for says, want := range map[string]string{
		"https://u.wechat.com/EAbc": "wechat", "HTTPS://U.WECHAT.COM/EABC": "wechat", "weixin://dl/business/?t=1": "wechat", "http://weixin.qq.com/r/abc": "wechat",
		"https://work.weixin.qq.com/ca/cawcde": "wechat", "wxp://f2f0abc": "pay", "https://qr.alipay.com/fkx123": "pay", "https://i.qianbao.qq.com/wallet/sqrcode.htm": "pay",
		"https://qm.qq.com/q/abc": "qq", "mqqapi://card/show_pslcard": "qq", "tel:13812345678": "contact", "BEGIN:VCARD\nFN:甲": "contact", "加VX：potter88": "contact",
		"https://example.com/u.wechat.com/": "url", "www.example.com": "url", "一张优惠券": "text", "": "text",
	} {
		if got := whatCode(says); got != want {
			t.Errorf("%q: got %s, want %s", says, got, want)
		}
	}
}

// qrPicture is a PNG of a QR code.
func qrPicture(t *testing.T, words string) []byte {
	t.Helper()
	code, err := encoder.Encoder_encode(words, decoder.ErrorCorrectionLevel_M, nil)
	if err != nil {
		t.Fatal(err)
	}
	m := code.GetMatrix()
	const module, quiet = 6, 4
	edge := (m.GetWidth() + 2*quiet) * module
	img := image.NewGray(image.Rect(0, 0, edge, edge))
	for y := range edge {
		for x := range edge {
			mx, my := x/module-quiet, y/module-quiet
			if mx < 0 || my < 0 || mx >= m.GetWidth() || my >= m.GetHeight() || m.Get(mx, my) == 0 {
				img.SetGray(x, y, color.Gray{255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func ungated(_ context.Context, work func() error) error { return work() }

func TestScreenCodes(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]loam.Action{
		"https://u.wechat.com/EAbc": loam.Review, "wxp://f2f0abc": loam.Review, "https://example.com/shop": loam.LimitReach, "A-17": loam.Allow,
	} {
		b := setup(t)
		b.config.More = []Detector{Codes(ungated)}
		b.config.Bytes = func(context.Context, string) ([]byte, error) { return qrPicture(t, words), nil }
		verdict, _ := judged(t, b, withPhoto())
		if verdict.Action != want || len(verdict.Findings) != 1 || verdict.Findings[0].Text != words || verdict.Findings[0].Field != "picture.2" {
			t.Errorf("%s: got %s for %+v", words, verdict.Action, verdict.Findings)
		}
	}
}

// A picture that cannot be read does not hide the code in another, but is not passed over.
func TestCodesOfBrokenPictures(t *testing.T) {
	t.Parallel()
	in := Input{Pictures: []*Picture{NewPicture([]byte("no picture")), {Field: "b"}, NewPicture(qrPicture(t, "wxp://1"))}}
	found, err := Codes(ungated).Detect(context.Background(), in)
	if err == nil || len(found) != 1 {
		t.Errorf("found %v, %v", found, err)
	}
	full := errors.New("full")
	in.Pictures = in.Pictures[2:]
	if _, err := Codes(func(context.Context, func() error) error { return full }).Detect(context.Background(), in); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}
