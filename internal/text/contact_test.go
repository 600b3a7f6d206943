package text

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func contactStrings(s string) []string {
	out := []string{}
	for _, c := range Contacts(s) {
		mark := ""
		if c.Disguised {
			mark = "*"
		}
		out = append(out, string(c.Kind)+mark+" "+s[c.Start:c.End])
	}
	return out
}

func TestContacts(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"电话13812345678，白天打":          "phone 13812345678",
		"电话 138-1234-5678":           "phone 138-1234-5678",
		"打我 ①③⑧①②③④⑤⑥⑦⑧":             "phone* ①③⑧①②③④⑤⑥⑦⑧",
		"联系一三八一二三四五六七八":              "phone* 一三八一二三四五六七八",
		"１３８１２３４５６７８":                "phone* １３８１２３４５６７８",
		"1 3 8 1 2 3 4 5 6 7 8 找我":   "phone* 1 3 8 1 2 3 4 5 6 7 8",
		"座机 010-12345678":            "phone 010-12345678",
		"微信号：abc_12345":              "wechat 微信号：abc_12345",
		"薇信 liu2026pot":              "wechat* 薇信 liu2026pot",
		"有需要的加V":                     "wechat* 加V",
		"加VX：potter88":               "wechat* 加VX：potter88",
		"vx potter88":                "wechat* vx potter88",
		"VX13812345678":              "wechat* VX13812345678",
		"＋ｖ详聊":                       "wechat* ＋ｖ",
		"微❤️同号":                      "wechat* 微❤",
		"加\u200b微\u200b信聊":           "wechat* 加\u200b微\u200b信",
		"扣扣 123456789":               "qq* 扣扣 123456789",
		"QQ群：123456":                 "qq QQ群：123456",
		"🐧 123456789":                "qq* 🐧 123456789",
		"写信到 pot@example.com 就行":     "email pot@example.com",
		"详情 https://example.com/a?b": "url https://example.com/a?b",
		"搜 shop-8.top 下单":            "url shop-8.top",
		"看 tao点com":                  "url* tao点com",
		"想要链接的私我哦":                   "call 私我",
		"资料主页有，自取":                   "call 主页有",
	} {
		if diff := cmp.Diff([]string{want}, contactStrings(s)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", s, diff)
		}
	}
}

func TestContactsBenign(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "人均38元，两个人吃了128", "2026年11月24日到2027年1月3日", "20261124", "尺码160-165-170，1500-1600-180都有",
		"180度旋转", "订单号13812345678", "快递单号：13812345678901", "12345678901234", "微信支付更方便", "用微信小程序点单",
		"发在微信公众号里了", "奶茶加微糖", "加微辣就够了", "加V领的毛衣", "加入VIP", "QQ弹弹的口感", "QQ糖 12 包", "威信很高",
		"卫星云图显示明天有雨", "参加我们的活动", "再加我最爱的香菜", "3.5折，9.9包邮", "v1.2.3 版本", "i7.8代", "1.5h车程",
		"维生素c和e.g.这种", "加我一个", "增加vc含量", "企鹅馆在二楼", "身高165体重50kg", "第13000000000个", "播放量13800000000次",
		"评论区告诉我", "我的主页有三只猫", "node.js教程", "早上7:30-9:00", "iPhone 17 Pro Max 256", "微信 android版", "威信度99999度",
	} {
		if got := contactStrings(s); len(got) > 0 {
			t.Errorf("%q: found %q", s, got)
		}
	}
}

func checkContacts(t interface{ Fatalf(string, ...any) }, s string) {
	end := 0
	for _, c := range Contacts(s) {
		if c.Start < end || c.End <= c.Start || c.End > len(s) || c.Score <= 0 || c.Score > 1 {
			t.Fatalf("%q: %+v after %d", s, c, end)
		}
		end = c.End
	}
}

func TestContactsProperties(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{"加", "v", "vx", "微信", "138", "1234", "5678", "-", ".", "com", "@", "点", "：", "http://", "①", "一", "\xff", "㍿", "好"})
	rapid.Check(t, func(t *rapid.T) {
		checkContacts(t, strings.Join(rapid.SliceOf(piece).Draw(t, "s"), ""))
	})
}

func FuzzContacts(f *testing.F) {
	for _, s := range []string{"加VX：potter88", "13812345678", "a@b.com", "https://x.y", "tao点com", "㍿.com@"} {
		f.Add(s)
	}
	f.Fuzz(checkContactsFuzz)
}

func checkContactsFuzz(t *testing.T, s string) { checkContacts(t, s) }

func BenchmarkContacts(b *testing.B) {
	for b.Loop() {
		Contacts(note)
	}
}
