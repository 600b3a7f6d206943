package screen

import (
	"context"
	"errors"
	"strings"

	"loam"
	"loam/internal/media"
	"loam/internal/text"
)

// Codes finds QR codes in photos. gate bounds how many pictures are decoded at once.
func Codes(gate func(ctx context.Context, work func() error) error) Detector {
	return codes{gate: gate}
}

type codes struct {
	local
	gate func(ctx context.Context, work func() error) error
}

func (codes) About() About { return About{Name: "qr", Version: "1"} }

func (c codes) Detect(ctx context.Context, in Input) (out []loam.Finding, err error) {
	for _, p := range in.Pictures {
		data, e := p.Bytes(ctx)
		if e != nil {
			err = errors.Join(err, e)
			continue
		}
		var read []media.Code
		e = c.gate(ctx, func() error {
			img, _, err := media.Decode(data)
			if err == nil {
				read = media.Codes(img)
			}
			return err
		})
		err = errors.Join(err, e)
		for _, code := range read {
			out = append(out, loam.Finding{
				Risk: loam.Diversion, Tier: loam.TierSignal, Field: pageOf(p.Field), Text: excerpt(strings.ToValidUTF8(code.Text, "\uFFFD")), Score: 1,
				Facts: map[string]string{"kind": "qr", "what": whatCode(code.Text)},
			})
		}
	}
	return out, err
}

// The beginnings of what the codes of messengers and payment services say, without scheme.
var codeKinds = []struct {
	what   string
	begins []string
}{
	{"pay", []string{
		"wxp://", "payapp.weixin.qq.com/", "wx.tenpay.com/", "qr.alipay.com/", "alipays://", "alipayqr://", "i.qianbao.qq.com/", "mqqapi://wallet", "qr.95516.com/",
	}},
	{"wechat", []string{
		"weixin://", "u.wechat.com/", "wechat.com/", "weixin.qq.com/g/", "weixin.qq.com/r/", "weixin.qq.com/x/", "work.weixin.qq.com/", "wework.qpic.cn/", "channels.weixin.qq.com/",
	}},
	{"qq", []string{"qm.qq.com/", "jq.qq.com/", "qun.qq.com/", "mqqapi://", "mqqopensdkapi://", "tencent://", "ti.qq.com/"}},
	{"contact", []string{"tel:", "mailto:", "smsto:", "sms:", "begin:vcard", "mecard:", "tg://", "t.me/", "wa.me/", "line.me/"}},
}

// whatCode tells what a QR code leads to: pay, wechat, qq, contact, url or text.
func whatCode(says string) string {
	plain := strings.ToLower(strings.TrimSpace(says))
	rest, web := strings.CutPrefix(plain, "https://")
	if !web {
		rest, web = strings.CutPrefix(plain, "http://")
	}
	rest = strings.TrimPrefix(rest, "www.")
	for _, k := range codeKinds {
		for _, b := range k.begins {
			if strings.HasPrefix(rest, b) {
				return k.what
			}
		}
	}
	switch {
	case web || strings.HasPrefix(plain, "www."):
		return "url"
	case len(text.Contacts(says)) > 0:
		return "contact"
	default:
		return "text"
	}
}
