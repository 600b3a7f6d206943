package fonts

// File is one pinned file of the embedded set and where a build gets it from.
type File struct {
	Name   string // under files/
	SHA256 string // hex; a download that differs is refused
	From   Source
	Path   string // inside the package
}

// Source is a package of a public registry at one version, fetched by that registry's
// own client, so that a mirror or proxy of the builder's choice is respected.
type Source struct {
	Client  string // "npm" or "go"
	Package string
	Version string
}

var (
	sansPackage  = Source{"npm", "@expo-google-fonts/noto-sans-sc", "0.4.3"}
	serifPackage = Source{"npm", "@expo-google-fonts/zcool-xiaowei", "0.4.1"}
	roundPackage = Source{"npm", "@expo-google-fonts/zcool-kuaile", "0.4.2"}
	emojiPackage = Source{"go", "eliasnaur.com/font", "v0.0.0-20230308162249-dd43949cb42d"}
)

// List is every file a build embeds: the five fonts, all under the SIL Open Font
// License 1.1, and the licence texts that must travel with them. The emoji are the CBDT
// build of Noto Color Emoji (bitmaps), since nothing here draws COLRv1.
func List() []File {
	return []File{
		{string(Sans), "b30853d205f3ecdde938b1488c735ee15a2e870d31331b992fdc53971e23ec4a", sansPackage, "500Medium/NotoSansSC_500Medium.ttf"},
		{string(Heavy), "2e4413c405bdf804f26571579b9b2dd8ea4732ea57a3b034f2467cad45a886e0", sansPackage, "900Black/NotoSansSC_900Black.ttf"},
		{string(Serif), "f5ffee4980db40005b7d7e76f7e8c7a0f959e87d57c33aeb8c9793a5a1077a35", serifPackage, "400Regular/ZCOOLXiaoWei_400Regular.ttf"},
		{string(Round), "bc218a547914684c036e0e141bdc60fd94e5fbe22eb84e1f4d1859875fc2415b", roundPackage, "400Regular/ZCOOLKuaiLe_400Regular.ttf"},
		{string(Emoji), "2eeac855a08803c6d209f8eb74ed5f798af46e128bc93dd3913e04de57523a7c", emojiPackage, "noto/emoji/color/NotoColorEmoji.ttf"},
		{"noto-sans-sc.txt", "1c05c68c34f9708415aada51f17e1b0092d2cea709bf4a94cd38114f9e73d7d9", sansPackage, "LICENSE_FONT"},
		{"zcool-xiaowei.txt", "a094514ca57cf8f9c5e8d8d1adab5d8cd3a377297ff016f9df2c05b3ecd77f0a", serifPackage, "LICENSE_FONT"},
		{"zcool-kuaile.txt", "538078469839b4a2e7ad22bef4ebe41681a4e53749bb2a072144024f1d6d703d", roundPackage, "LICENSE_FONT"},
		{"noto-color-emoji.txt", "44debeab2e3a94a7ef0b41eb27ffc53b4ba8be0354d67c1c8cf17eb6b85982a0", emojiPackage, "noto/emoji/color/OFL.txt"},
	}
}
