#include "crypto/signature.h"

#include "base/arena.h"
#include "crypto/cert.h"
#include "tests/unit/crypto/crypto_test.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/*
 * Keys and signatures of the message "abc" made by OpenSSL 3 for this test
 * only (the private keys were thrown away), in hex.
 */
static const char spki_rsa[] =
    "30820122300d06092a864886f70d01010105000382010f003082010a02820101"
    "009e37a22a5e87893e2324d392032fdb83d6af29cd3496514d7c902f2ba2a1ad"
    "8118a4f8704a175af7a2433ca4bbba5bdf7ad49ae85f70813f3a3f808094f2bd"
    "59a1fa498fc43f63f2815c1766a45482e80787de72806b143547ab0833dc8412"
    "5ba815d448bce4b840420b787ac924841e9f0b6208eaeb12b18579baa2c9363a"
    "67e5cb8452331f54e93d4d8e9f7bc74537a2318e0219364440a19060e9f92552"
    "c8eea28a744649fba819817f3b060e15aa53a927dadb51794da921b891a2cefc"
    "e3a311be10485e8228da54edd55de108928d8aec71826ba545f91acd0e771f89"
    "32c68268eecd1f00d54b2106f14826dc971af44e0ece04742c3472b53baaa342"
    "070203010001";

static const char spki_rsa1024[] =
    "30819f300d06092a864886f70d010101050003818d0030818902818100db966c"
    "5db633b333edd1a87e558b6bf1f1dd21405b74c8330015a1257110022214234f"
    "958f73ce5e31108a4cf85a3c29b576fc9d210c5e0abe37ffe491fd301729fea6"
    "9faec30be2ad557c3631c5062a8a10ce2305576a8091f7c36c6e4eb0eaff5f22"
    "b315a2112314c81aad57b678a43cf5e3c698ea82ce44016b52c53f007d020301"
    "0001";

/* The same with exponents of eight and of nine octets. */
static const char spki_long8[] =
    "3081a4300d06092a864886f70d01010105000381920030818e02818100db966c"
    "5db633b333edd1a87e558b6bf1f1dd21405b74c8330015a1257110022214234f"
    "958f73ce5e31108a4cf85a3c29b576fc9d210c5e0abe37ffe491fd301729fea6"
    "9faec30be2ad557c3631c5062a8a10ce2305576a8091f7c36c6e4eb0eaff5f22"
    "b315a2112314c81aad57b678a43cf5e3c698ea82ce44016b52c53f007d020801"
    "00000000000001";
static const char spki_long9[] =
    "3081a5300d06092a864886f70d01010105000381930030818f02818100db966c"
    "5db633b333edd1a87e558b6bf1f1dd21405b74c8330015a1257110022214234f"
    "958f73ce5e31108a4cf85a3c29b576fc9d210c5e0abe37ffe491fd301729fea6"
    "9faec30be2ad557c3631c5062a8a10ce2305576a8091f7c36c6e4eb0eaff5f22"
    "b315a2112314c81aad57b678a43cf5e3c698ea82ce44016b52c53f007d020901"
    "0000000000000001";

static const char spki_p256[] =
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004316a434196"
    "9bc46ee905d4688606813cf03c444b20789f361e22c563ee10fc02db80e79d40"
    "86c5f2948014eae0df6c56993e6f20a8f0147b814aa1c76cb32929";

static const char spki_p384[] =
    "3076301006072a8648ce3d020106052b81040022036200047480d098563633a4"
    "6c69b42dca8209ae897d6717e85beaa2822bd9a456c24004c3f2eab6e59c5a86"
    "2aa95d884100894e5f15aff9c0c8fe0833217e6b1600786897cda7aef6774fde"
    "6759b9b49cd273753e8d6a902a6967fc86f34b1e322c59c5";

static const char spki_p521[] =
    "30819b301006072a8648ce3d020106052b810400230381860004011d94961156"
    "f2d1d664eeab104541a4ec3619d38c3dcc44d5caa5443bcbac196e8467889936"
    "dca1a96eaabdd6c3e502ce77b3f7214691f50a1d2ad11c2da26c4b5f01a6e9e9"
    "fa2a5a61389997372af16bd2144a76aae1391053ee99e8dc380be2cb7572d070"
    "743598c3366610d03a33e504f8e6b26ec4268a64195b2b8240272d15e489";

static const char spki_bp256[] =
    "305a301406072a8648ce3d020106092b24030302080101070342000455b87157"
    "2cbfb774b3a1283d85426b83e42bb3c1a17243f37b9dd0aaa61c069d72962a50"
    "b9823375dc54db07f9eb7c9587d8c9fc10218509b9c09dfdee24ee49";

static const char spki_bp384[] =
    "307a301406072a8648ce3d020106092b240303020801010b03620004554ed65b"
    "d536f71a4956eeee3d56afc4dc795db7ece4a3cb6cbfff257bf87a5eac3931a7"
    "0ccff1b04c679f84ed7400274b52724c38025172ca731b0db939484592507f4c"
    "2572ddb5e9a5f00bdbbdb1dce49a068b8a541fb3f4b35e84305f0a8e";

static const char spki_bp512[] =
    "30819b301406072a8648ce3d020106092b240303020801010d03818200045f85"
    "ab71f420f7cf406d09fcdb1f7d17c40794a422a7f9f07043011693b8cb9b9db8"
    "bc7284924d9f2c44398cc093e33b24d965f10b030155f34333d670eabc7864bb"
    "745f2337934ccae1361f0b6be565abdcdd133a72795a1a18adff5e76e6181a40"
    "d640ad0cabd8a8b286250035efd411f1ee6281afcec8b9d421f79c02f501";

static const char sig_rsa_sha1[] =
    "3242b3ec120d17fa331f585ccf7b577df9ed78b374ed7314f4518b93bc141e61"
    "4b94575eeb30c1a54936da5ca7061dfdb82c84ff97838a749730c9284b4d0fae"
    "a9c8c8f19a1515988faef164b46694a5f88f105281fe4858f029073b86af7f75"
    "a76f7a4a693dd70137f138b3f58b3b83832d2fd116c0adc489d4ce04663844f7"
    "4854ddfff8da1ff4c1692c2b1005e618d19ff26e4e244d35441b91a3e417ca6c"
    "c4aa3c9e6fccac2bc5a24cba95f5fa307d28aad0de4c3180bc1e7ee2032782ba"
    "593a1cebd7e9d9c2dc037740e6a99d5f7f453faebe7099b3c1feee7a9124769f"
    "cfa7efea80f1b1fc732717202eee0f176fa50b5bdbac42a358115aa993f92977";

static const char sig_rsa_sha224[] =
    "46abd46e0b45e858e6be85eb3580dc45fe9e1b3ca4d3ddc55db6c730f21f75e0"
    "067461ea9150993b1e0b23bb560dea63488ab54e24d99f5bdc5427d847bbce78"
    "b747768877df5565742fcc674d87d930dfb1110731f070d7167927d35cc79275"
    "ea88ab76785a07aac57928e5802b3a2b5d1b5187c1b197049b72f60e91ecbec7"
    "0d8208b7cec9409f5736bf167e2ae9ef0cf481b3bbf1464d949f1d76fc99a241"
    "ea4c27b24bcb9e9dfe3531ae3e0087b6d1b18db52d56a7bd975c4789b78644f0"
    "b9161f1d0f6eee8a2f4eb8dcd64f781cc0b44c3e5fd2314d697fc64385bbcfb7"
    "be4c87e3c21021b7786f47bc93473a82e0f19e4f4929c980aede38f008b894a7";

static const char sig_rsa_sha256[] =
    "242bc8d56d9c5118363acfd150d88e7a7760b03febb8377bc3140842dc4ecefa"
    "fcf31f808d1ac9fc5c562146a04c03b867bd687b247c89d3a01eaa8dbf120034"
    "37200710fd745282413095073ad5ad8ce8d166545973fd950434cd5e4971d363"
    "c213a5498af93cb8659b4f852c16f9105ad0cadda69a494661ed19ba018e75c2"
    "ce1a367c953494571875ef6f58caae497f67e806a8bd7c6f5ac78e28f0148079"
    "686bacb7a8436d624e65ce9aea6514591d883d4892dab905d3d98ce689312ae4"
    "89190fa7eb1a0b6b70298f30ca3eea9f6583cab0460b04095b427e4c8a9be287"
    "bb3c87411e015eacf4bb7fc9900339220dea20d90a35ba4e7286189d3cbeb297";

static const char sig_rsa_sha384[] =
    "67253c15ea9fe39c995a51e0bf5a68a84212ad9b4fe00aa51413b88725184ef4"
    "48514de9a5c37fd99b06caedefc0fdee131294f9af4ddc030cece30eda98de54"
    "cf4da826c4fb7964e954ec36d3db505c282465f63f185fc6becf595d99552116"
    "efdf1a54537faa1ee284024ac5337fc94dd451e541d5152c0b3466680b14748a"
    "668ef2ef79310d2f4f4f1cb892f2d347c07220344b4a5b461ba1f88fb99b761c"
    "28711de158b3a5be34e22aa03c9a4ac05d5bbb04cd845cfc99786aff1a3ae788"
    "f3a87e36ec4fff36f5467d5f857aea23f4cdbdf68ea0320a64689af61a494840"
    "818804e23caa6037b0a821f3e776f76a577284c3e4360b78420109efcff6adc6";

static const char sig_rsa_sha512[] =
    "528f13eaf3cd085cd2e04683cfb8cd0ae7b00e3885cb2a9ee4c96598f91c2f7d"
    "b917f5929ce1f861f38956fafa64ac7cfac1312ac96432f7ce87bb8dffd1474b"
    "485fc27215fcb915e303877a5df4c304e8b1f5d3c13300d7baa96fc0ac21a5df"
    "4df80afa4d4c898e0a298d73abccaddc835a9639bf2cb046692e51e44db70b67"
    "8307a0e765786ed28e1d8c625afe185ad2f7aa80532db41ee09abdad1a1c1bc4"
    "8c3c29bfe8b4e933ce40b3d5729a6c5248aebc51703e603962f302b7fce952bf"
    "35138d21dda6fb8e270bd66d0d97eae81d21bd32f608df3635ff00d5df0e8799"
    "7b953d1ee5426d75dc9ab74d379ab9692abda7cd8296598808a1ca3293f94dbf";

static const char sig_pss_sha256[] =
    "8cc72e24e7eb8fc22457cf70b125f96c181afa12d06398104af7ef58175f8bc6"
    "a5f8d92f70c7b2e067e428214657acd6fe417be5fb857fe0a8ba8265a9c40373"
    "d8183cd8589d40fcb02492ba284f316304569ff5c3988923a07fe4a738ae66d9"
    "38636aa17506d5851e53f62cf824fe24ecc4822c8acac41b54cb09773f0f7d82"
    "2029b75f3778f0762001d6406854fe020576e8df41ccb4988ad2087373834806"
    "599c1fb9abdc2dbf79d0c9eca09816e5b6eb60ead56b23f4b3a5afddec2590ed"
    "765de07f6320e69c09158d1d1084ea5bd0cc545abf78d14baafd41c57e81ae87"
    "709ba00dd32650169e65485a3e107e169010ded4339de32c7008688378ab7177";

static const char sig_pss_sha384[] =
    "83e823c660b5b8407ad7c0bc50e5118bf7af3899515acb348d769e13d20e4849"
    "4b61f76ba4e1201feba84ac6f708b41194ba4063d8cbac348c291a6c81e66619"
    "4be1cef3e0b27a618bedc0645d5af987236360415cd457aebcbf04fa2a156dd3"
    "8203e4a46e71c57206830db34714851b3d01e1b26daa9ff2a4675ae9c58d27d5"
    "eaef2a4a9eda06751b1383c68bec8b0db01615ed3b9eaf9303607520fbd0bf8a"
    "a4f765b371e5101fbe35023cab7b22b411ab4fae607e46891c57f776954f9eae"
    "7ca40c6bf98ace025a14e703cbc543173aca16fd1d3acc42a96dad10f1468705"
    "f05b1920914c3817e0f1880ddb0d91089af11de3bc131e49cf4cd2cb610734f2";

static const char sig_pss_sha512[] =
    "7426577c0503621469df9cb47afb8fabf081619f3be52423d3d1f30fc5d0fe8d"
    "04d03153219d1ea3d4413451f4cfde2bc50c37532707f8b610483fec5eb19030"
    "bd71630c8599f8e15fbe7c9778158fe6aea7edb75a8caf4793198e9fa2cce786"
    "24c7f2809c30cb039be5ef457bc10b66a7b2afc60a8d550bf18fad654cbde90a"
    "1d3cea6f422a1a8f2d9ee428a4e63d332ad6ac1d26cfa3c9309f42e880454435"
    "d065571ca2f5353fb55993df18f57b97ce173623eaf19b57cb87128775cca37c"
    "16c8278365005f3d4e5d8e934518df9fd8808e2e65c096f470576c3087fb8724"
    "fa85d0b8b6c81330d11a8b89d9717d9398b7b7773349f9d478e4e82e82128f4e";

static const char sig_pss_salt0[] =
    "53808bb33d3b2b638da66f1d4295fa235c3bebfa4c972d5463fd57ccabc42e42"
    "04209dfc62cd57ec48dcfee039f5805399c96a8a2a0a8966ed71cde6246a5130"
    "9580d6862ccd166405743b207f56d28358e7c0dbfd52a5711562ce12dc641df4"
    "876ddcc1e7f6189350d5c2d8b94ea5d0e8d48d15fd62cf4963651d49c4ffcb9d"
    "e57bc01afe576077ec7c7fb1872e6854a629445ac8675acae11ac3262ea08ff7"
    "931dc0dbacfc731e5e6b40d23109dd15a3c1f1fb36994b93676e436daf0a2c83"
    "756f385c198e1b36a68d195539111cd46063e90dab7c68bf3cfe30f6d5539585"
    "55634b3740304861bc9327c378deebebde17f1f1b75eb661174333380d4244b2";

static const char sig_pss_mixed[] =
    "1d62ef58460cabc73a360f476d1951bee9f5e817886f7490b711a4081822f641"
    "fa5da006db08181f1af2a5f6ab77fdeb4540b3432726430759ceb6a3187487ed"
    "da0c538e89609ea72217e13fc5e38323c1530fba8122000334d80e8ef00670e4"
    "5ddc63015351b59cdbc9b48fd8e27bdaff562eacf9e93e560fba773c0b0e00d2"
    "1a359adddd8847b750b6946fcaca94b771c321efb6afbd59d221ec46b7f84ac9"
    "808c58d211ceb0eea0e373fb98beef123c90751a859ccf9a3a656fa0f0c5a5e4"
    "369fb2b954878f886da98d2a655cf06805e272df63b245282bc275b7de7a934e"
    "b61f26a59e82809ce9470f88e099fe3300fc138f422495c04f71e1d615bcb77d";

static const char sig_p256_sha256[] =
    "3044022009e10c79906574eca6546d9ab57a1b81f77f2e0b1c63ba41dd16798f"
    "8b4c424e02206f85c116291bd5e610da3990c3805f76b12280b6611a728d668e"
    "f9c0f6b664fa";

static const char sig_p384_sha384[] =
    "3065023100dd9db2cfc273f8d0b8d2cbd59f368254f2840b68c0acf9d80e38da"
    "38cba91b9b7d507ad0b8a0dcae01e071e4b65021f502300dae37a7fdf07dfbe6"
    "3963de40e66b4f035ea5a92b900aaf7279eb4e1b22f29f90f02dd2b07235d31f"
    "acae4ca0c99c78";

static const char sig_p521_sha512[] =
    "30818802420165cd31c857685991e4ce1609b4508c19099a266502c33e7c25e8"
    "dd55dd043a184fc223a5805d068f8f7611dc8e84156f593d4cc98b71cbb36746"
    "3397a32498d23a02420114cd8f9755b7e31f29c5eab2d9df4274463eb4bed0e5"
    "58d6dba0aeee5398173857634725b668c64cf92039bbbfd6081ce73e4b473af1"
    "7bc1b5135d0d400c1c35d1";

static const char sig_bp256[] =
    "3044022045d9c96ef394c5d24d9b7b38e2941a8df6874173d2a3749443f29bab"
    "bfe925680220553d0db0aee1d0eef48eb11c607bf71049ba3a78519a6004f146"
    "000496a31af4";

static const char sig_bp384[] =
    "3064023026b9678309cbd70da141e34c2155c81c9967c0255937774e3bcca3f9"
    "ee30c0c6dca03d25f32d3d1e9857b03a24dbaafc023046d40e46ce71408caf9a"
    "e11151ea6cd570938a66852a102b9fb333ef144611efba0a6b2eb76fd2e58ab0"
    "87db2aa296a4";

static const char sig_bp512[] =
    "308185024100a3d00eb85cdaf8b8b623e825daedece62de686a0dd3ebff5b04f"
    "7159bbe3a71e0289d38b0dcbab6763da1b233b5841be1879998b38ce810435a9"
    "fa3930ca3b31024041cfe721a98a47543642475a5e6b4f8de45b31a35a50dc11"
    "87de2e8faf942c18fe3727987ab1505156db190a39ac5f9829b55a22262542d4"
    "a7382313f5162fc8";

static const char sig_p256_sha512[] =
    "30440220116ae0547463082e0fb3adca0fe9149036be568df4283992e4c4f900"
    "31ed26210220671b0b67b915e08bb34e348094fd6882d6b3e67cc8f6b8b4cb70"
    "5dbd933eb71f";

static const char sig_rsa1024[] =
    "a12a06db692a2bc398f315dcf05e4e4d2d5d748101872053976b1727835513fb"
    "bf674ea1c14e6706473ad3b7245fc025828f1ee479905e6fb3798a02986b715a"
    "2340b07ec7aa2cf6860f56e6b16da2d2c7bb68f46ba453ad8514abbbaaf9cd0f"
    "ef81b930698522954d988a1426b9c2997382f94b7e90b378ca6179eda51ecbde";

static const char alg_pss_sha256[] =
    "304106092a864886f70d01010a3034a00f300d06096086480165030402010500"
    "a11c301a06092a864886f70d010108300d06096086480165030402010500a203"
    "020120";

static const char alg_pss_sha384[] =
    "304106092a864886f70d01010a3034a00f300d06096086480165030402020500"
    "a11c301a06092a864886f70d010108300d06096086480165030402020500a203"
    "020130";

static const char alg_pss_sha512[] =
    "304106092a864886f70d01010a3034a00f300d06096086480165030402030500"
    "a11c301a06092a864886f70d010108300d06096086480165030402030500a203"
    "020140";

static const char alg_pss_salt0[] =
    "304106092a864886f70d01010a3034a00f300d06096086480165030402010500"
    "a11c301a06092a864886f70d010108300d06096086480165030402010500a203"
    "020100";

static const char alg_pss_mixed[] =
    "303c06092a864886f70d01010a302fa00f300d06096086480165030402010500"
    "a11c301a06092a864886f70d010108300d06096086480165030402030500";

static const char spki_ed[] =
    "302a300506032b6570032100b7214165ce9a0d00c4a169a6e3169889e72049df"
    "7b0223118bde97441909a54e";

static const char spki_k1[] =
    "3056301006072a8648ce3d020106052b8104000a034200040f8a9463485f0e36"
    "aca6d696986063884fdd5e67aa0831b1e4071ab56e269ed09819e60c65d846f7"
    "4d05b640fcd30782891cbc06342bf8457ab81fd33cbc3378";

static const char spki_r512[] =
    "305c300d06092a864886f70d0101010500034b003048024100d385432f31b5f9"
    "c17bae47ef1bbff640d9d2782f0fbbfd1a2caad86071ae9765b4007093a46221"
    "baf5453a90acc97ffe26415556b6f4cc6f34da00b59d5ad80f0203010001";

static const char sig_r512[] =
    "d1dcb20d524e295143b5f97d84145da3fedc5c0d75e6db43c348de800a01e065"
    "f0ed3c8c34f4ca086d7283f431a0067147a87e529fb0601fe18886d77b53aaa4";

static const char spki_rp[] =
    "30819d300b06092a864886f70d01010a03818d0030818902818100c0e6d67598"
    "63987e9541002328aba3c8c765aecc35faeb1365e13034bc7eca96d4c8432a7f"
    "0a4380843b92e379a9c1862e897696693a0f8734857a438df4be228063fa741b"
    "9897211a3350a67d75f15fafb55e82958de1f9dcf66954a7f3d3a6ed521cb12f"
    "0bc4ac5ea75f6fe8b380b32cf35d4b7bee2b1527d78efdf59d98250203010001";

static const char sig_rp[] =
    "3a92017082129a373a8c9b8d722b406ca2204f140b4497e7d0fd20ba7d256b69"
    "a51f276e209c59b96cef560ebd2be98ecc089c844d1a56fb8213bae582386f25"
    "18674b2ee20eaaa3f775ac477b0b1db9fe3413550ae04faa23ec39190db64531"
    "d820fd28a50ee490898c65bea4320447a55f82787f2a7b8921b30943b92d364f";

static void
identifiers_name_key_and_hash(void **state)
{
	static const struct {
		const char *identifier;
		enum hash_kind beside;
		enum fail fail;
		enum key_kind kind;
		enum hash_kind hash;
	} rows[] = {
		/* rsaEncryption takes the hash beside it. */
		{ "300d06092a864886f70d0101010500", HASH_SHA256, FAIL_NONE,
		    KEY_RSA, HASH_SHA256 },
		{ "300d06092a864886f70d0101010500", HASH_SHA512, FAIL_NONE,
		    KEY_RSA, HASH_SHA512 },
		{ "300d06092a864886f70d0101010500", HASH_NONE, FAIL_UNSUPPORTED,
		    KEY_NONE, HASH_NONE },
		/* RFC 4055 2.1: NULL should be there, may be absent. */
		{ "300b06092a864886f70d010101", HASH_SHA256, FAIL_NONE, KEY_RSA,
		    HASH_SHA256 },
		{ "300d06092a864886f70d0101050500", HASH_NONE, FAIL_NONE,
		    KEY_RSA, HASH_SHA1 },
		{ "300d06092a864886f70d01010e0500", HASH_NONE, FAIL_NONE,
		    KEY_RSA, HASH_SHA224 },
		{ "300d06092a864886f70d01010b0500", HASH_NONE, FAIL_NONE,
		    KEY_RSA, HASH_SHA256 },
		{ "300d06092a864886f70d01010c0500", HASH_NONE, FAIL_NONE,
		    KEY_RSA, HASH_SHA384 },
		{ "300d06092a864886f70d01010d0500", HASH_NONE, FAIL_NONE,
		    KEY_RSA, HASH_SHA512 },
		{ "300a06082a8648ce3d040302", HASH_NONE, FAIL_NONE, KEY_EC,
		    HASH_SHA256 },
		{ "300a06082a8648ce3d040303", HASH_NONE, FAIL_NONE, KEY_EC,
		    HASH_SHA384 },
		{ "300a06082a8648ce3d040304", HASH_NONE, FAIL_NONE, KEY_EC,
		    HASH_SHA512 },
		/* The hash beside it must agree. */
		{ "300d06092a864886f70d01010b0500", HASH_SHA256, FAIL_NONE,
		    KEY_RSA, HASH_SHA256 },
		{ "300d06092a864886f70d01010b0500", HASH_SHA1, FAIL_FORMAT,
		    KEY_NONE, HASH_NONE },
		{ "300a06082a8648ce3d040302", HASH_SHA384, FAIL_FORMAT,
		    KEY_NONE, HASH_NONE },
		/* Parameters other than NULL. */
		{ "300e06092a864886f70d01010b050100", HASH_NONE, FAIL_FORMAT,
		    KEY_NONE, HASH_NONE },
		{ "300f06092a864886f70d01010b05000500", HASH_NONE, FAIL_FORMAT,
		    KEY_NONE, HASH_NONE },
		{ "300d06092a864886f70d01010b3000", HASH_NONE, FAIL_FORMAT,
		    KEY_NONE, HASH_NONE },
		/* RFC 8410 3: Ed25519 without parameters, not even NULL. */
		{ "300506032b6570", HASH_NONE, FAIL_NONE, KEY_ED25519,
		    HASH_SHA512 },
		{ "300706032b65700500", HASH_NONE, FAIL_FORMAT, KEY_NONE,
		    HASH_NONE },
		/* MD5 with RSA, Ed448, an unknown one. */
		{ "300d06092a864886f70d0101040500", HASH_NONE, FAIL_UNSUPPORTED,
		    KEY_NONE, HASH_NONE },
		{ "300506032b6571", HASH_NONE, FAIL_UNSUPPORTED, KEY_NONE,
		    HASH_NONE },
		{ "300506032a0304", HASH_NONE, FAIL_UNSUPPORTED, KEY_NONE,
		    HASH_NONE },
		/* Not an AlgorithmIdentifier. */
		{ "", HASH_NONE, FAIL_FORMAT, KEY_NONE, HASH_NONE },
		{ "3000", HASH_NONE, FAIL_FORMAT, KEY_NONE, HASH_NONE },
		{ "300d06092a864886f70d01010b050000", HASH_NONE, FAIL_FORMAT,
		    KEY_NONE, HASH_NONE },
		{ "300d06092a864886f70d01010b05", HASH_NONE, FAIL_FORMAT,
		    KEY_NONE, HASH_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct signature_algorithm a = { 0 };
		enum fail f = signature_algorithm_read(
		    unhex(rows[i].identifier), rows[i].beside, &a);

		if (f != rows[i].fail || a.kind != rows[i].kind ||
		    a.hash != rows[i].hash)
			fail_msg("row %zu: %s", i, fail_name(f));
	}
}

static void
pss_parameters_are_read(void **state)
{
	static const struct {
		const char *identifier;
		enum hash_kind hash, mask;
		int salt;
	} rows[] = {
		{ alg_pss_sha256, HASH_SHA256, HASH_SHA256, 32 },
		{ alg_pss_sha384, HASH_SHA384, HASH_SHA384, 48 },
		{ alg_pss_sha512, HASH_SHA512, HASH_SHA512, 64 },
		{ alg_pss_salt0, HASH_SHA256, HASH_SHA256, 0 },
		{ alg_pss_mixed, HASH_SHA256, HASH_SHA512, 20 },
		/* RFC 4055 3.1: the defaults. */
		{ "300d06092a864886f70d01010a3000", HASH_SHA1, HASH_SHA1, 20 },
		/* The default trailer, written out. */
		{ "301206092a864886f70d01010a3005a303020101", HASH_SHA1,
		    HASH_SHA1, 20 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct signature_algorithm a;

		assert_int_equal(signature_algorithm_read(
				     unhex(rows[i].identifier), HASH_NONE, &a),
		    FAIL_NONE);
		assert_int_equal(a.kind, KEY_RSA_PSS);
		assert_int_equal(a.hash, rows[i].hash);
		assert_int_equal(a.mgf_hash, rows[i].mask);
		assert_int_equal(a.salt_len, rows[i].salt);
	}
}

static void
bad_pss_parameters_are_refused(void **state)
{
	static const struct {
		const char *identifier, *why;
		enum hash_kind beside;
	} rows[] = {
		{ "300b06092a864886f70d01010a", "no parameters", HASH_NONE },
		{ "300d06092a864886f70d01010a0500", "NULL", HASH_NONE },
		{ "300f06092a864886f70d01010a30000500", "more", HASH_NONE },
		{ "301206092a864886f70d01010a3005a303020102", "trailer 2",
		    HASH_NONE },
		{ "301206092a864886f70d01010a3005a2030201ff", "salt below 0",
		    HASH_NONE },
		{ "301206092a864886f70d01010a3005a403020101", "field [4]",
		    HASH_NONE },
		{ "301c06092a864886f70d01010a300fa10d300b06092a864886f70d01010"
		  "1",
		    "mask is not MGF1", HASH_NONE },
		{ alg_pss_sha256, "another hash beside", HASH_SHA384 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct signature_algorithm a;

		if (!signature_algorithm_read(
			unhex(rows[i].identifier), rows[i].beside, &a))
			fail_msg("%s", rows[i].why);
	}
}

/* Two integers in [2], which is one INTEGER by RFC 4055 3.1. */
static void
trailing_bytes_in_a_pss_field_are_refused(void **state)
{
	struct signature_algorithm a;

	(void)state;
	assert_int_equal(
	    signature_algorithm_read(
		unhex("301506092a864886f70d01010a3008a206020114020114"),
		HASH_NONE, &a),
	    FAIL_FORMAT);
}

static void
digest_identifiers_are_read(void **state)
{
	static const struct {
		const char *identifier;
		enum fail fail;
		enum hash_kind kind;
	} rows[] = {
		{ "300906052b0e03021a0500", FAIL_NONE, HASH_SHA1 },
		{ "300d06096086480165030402040500", FAIL_NONE, HASH_SHA224 },
		{ "300d06096086480165030402010500", FAIL_NONE, HASH_SHA256 },
		{ "300b0609608648016503040201", FAIL_NONE, HASH_SHA256 },
		{ "300d06096086480165030402020500", FAIL_NONE, HASH_SHA384 },
		{ "300d06096086480165030402030500", FAIL_NONE, HASH_SHA512 },
		{ "300c06082a864886f70d02050500", FAIL_UNSUPPORTED, HASH_NONE },
		{ "300d06092a864886f70d0101010500", FAIL_UNSUPPORTED,
		    HASH_NONE },
		{ "300f060960864801650304020105000500", FAIL_FORMAT,
		    HASH_NONE },
		{ "300e0609608648016503040201050100", FAIL_FORMAT, HASH_NONE },
		{ "0609608648016503040201", FAIL_FORMAT, HASH_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum hash_kind kind = HASH_NONE;
		enum fail f =
		    hash_algorithm_read(unhex(rows[i].identifier), &kind);

		if (f != rows[i].fail || kind != rows[i].kind)
			fail_msg("row %zu: %s", i, fail_name(f));
	}
}

static void
public_keys_tell_kind_and_bits(void **state)
{
	static const struct {
		const char *spki;
		enum fail fail;
		enum key_kind kind;
		unsigned bits;
	} rows[] = {
		{ spki_rsa, FAIL_NONE, KEY_RSA, 2048 },
		{ spki_rsa1024, FAIL_NONE, KEY_RSA, 1024 },
		{ spki_long8, FAIL_NONE, KEY_RSA, 1024 },
		{ spki_long9, FAIL_UNSUPPORTED, KEY_NONE, 0 },
		{ spki_rp, FAIL_NONE, KEY_RSA_PSS, 1024 },
		{ spki_p256, FAIL_NONE, KEY_EC, 256 },
		{ spki_p384, FAIL_NONE, KEY_EC, 384 },
		{ spki_p521, FAIL_NONE, KEY_EC, 521 },
		{ spki_bp256, FAIL_NONE, KEY_EC, 256 },
		{ spki_bp384, FAIL_NONE, KEY_EC, 384 },
		{ spki_bp512, FAIL_NONE, KEY_EC, 512 },
		{ spki_k1, FAIL_UNSUPPORTED, KEY_NONE, 0 }, /* secp256k1 */
		{ spki_ed, FAIL_NONE, KEY_ED25519, 256 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct public_key key;
		struct bytes spki = unhex(rows[i].spki);
		enum fail f = public_key_read(spki, &key);

		assert_int_equal(f, rows[i].fail);
		if (f)
			continue;
		assert_int_equal(key.kind, rows[i].kind);
		assert_int_equal(key.bits, rows[i].bits);
		assert_true(bytes_equal(key.spki, spki));
	}
}

static void
every_cut_of_a_key_is_refused(void **state)
{
	static const char *const keys[] = { spki_rsa, spki_p256 };
	struct public_key key;

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct bytes spki = unhex(keys[i]);

		for (size_t len = 0; len < spki.len; len++)
			assert_int_not_equal(
			    public_key_read(bytes_part(spki, 0, len), &key),
			    FAIL_NONE);
	}
}

/* X.690 8.3.2: padding the modulus with zeros must not lengthen the key. */
static void
padded_modulus_does_not_make_a_longer_key(void **state)
{
	/* n = 3 behind eight zero octets, e = 3. */
	struct bytes spki = unhex("3022300d06092a864886f70d0101010500"
				  "031100300e0209000000000000000003020103");
	struct public_key key;

	(void)state;
	if (!public_key_read(spki, &key))
		assert_int_equal(key.bits, 2);
}

static const struct vector {
	const char *name, *spki, *signature;
	struct signature_algorithm algorithm;
} vectors[] = {
	{ "RSA SHA-1", spki_rsa, sig_rsa_sha1, { KEY_RSA, HASH_SHA1, 0, 0 } },
	{ "RSA SHA-224", spki_rsa, sig_rsa_sha224,
	    { KEY_RSA, HASH_SHA224, 0, 0 } },
	{ "RSA SHA-256", spki_rsa, sig_rsa_sha256,
	    { KEY_RSA, HASH_SHA256, 0, 0 } },
	{ "RSA SHA-384", spki_rsa, sig_rsa_sha384,
	    { KEY_RSA, HASH_SHA384, 0, 0 } },
	{ "RSA SHA-512", spki_rsa, sig_rsa_sha512,
	    { KEY_RSA, HASH_SHA512, 0, 0 } },
	{ "RSA-1024", spki_rsa1024, sig_rsa1024,
	    { KEY_RSA, HASH_SHA256, 0, 0 } },
	{ "PSS SHA-256", spki_rsa, sig_pss_sha256,
	    { KEY_RSA_PSS, HASH_SHA256, HASH_SHA256, 32 } },
	{ "PSS SHA-384", spki_rsa, sig_pss_sha384,
	    { KEY_RSA_PSS, HASH_SHA384, HASH_SHA384, 48 } },
	{ "PSS SHA-512", spki_rsa, sig_pss_sha512,
	    { KEY_RSA_PSS, HASH_SHA512, HASH_SHA512, 64 } },
	{ "PSS without salt", spki_rsa, sig_pss_salt0,
	    { KEY_RSA_PSS, HASH_SHA256, HASH_SHA256, 0 } },
	{ "PSS key", spki_rp, sig_rp,
	    { KEY_RSA_PSS, HASH_SHA256, HASH_SHA256, 32 } },
	{ "P-256", spki_p256, sig_p256_sha256, { KEY_EC, HASH_SHA256, 0, 0 } },
	{ "P-384", spki_p384, sig_p384_sha384, { KEY_EC, HASH_SHA384, 0, 0 } },
	{ "P-521", spki_p521, sig_p521_sha512, { KEY_EC, HASH_SHA512, 0, 0 } },
	{ "brainpool 256", spki_bp256, sig_bp256,
	    { KEY_EC, HASH_SHA256, 0, 0 } },
	{ "brainpool 384", spki_bp384, sig_bp384,
	    { KEY_EC, HASH_SHA384, 0, 0 } },
	{ "brainpool 512", spki_bp512, sig_bp512,
	    { KEY_EC, HASH_SHA512, 0, 0 } },
	{ "P-256 SHA-512", spki_p256, sig_p256_sha512,
	    { KEY_EC, HASH_SHA512, 0, 0 } },
};

/* Verify a signature over "abc". */
static enum fail
verify(const char *spki, struct signature_algorithm a, struct bytes signature)
{
	struct public_key key;
	uint8_t digest[HASH_MAX];

	assert_int_equal(public_key_read(unhex(spki), &key), FAIL_NONE);
	hash_bytes(a.hash, BYTES_TEXT("abc"), digest);
	return signature_verify(&key, &a, digest, signature);
}

static void
signatures_of_openssl_verify(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		const struct vector *v = &vectors[i];
		enum fail f =
		    verify(v->spki, v->algorithm, unhex(v->signature));

		if (f)
			fail_msg("%s: %s", v->name, fail_name(f));
	}
}

static void
flipped_signatures_do_not_verify(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		const struct vector *v = &vectors[i];
		struct bytes good = unhex(v->signature);

		for (size_t at = 0; at < good.len; at += 7) {
			struct arena_mark mark = arena_mark(&memory);
			uint8_t *bad = arena_take(&memory, good.len, 1);

			memcpy(bad, good.data, good.len);
			bad[at] ^= 1;
			if (verify(v->spki, v->algorithm,
				(struct bytes){ bad, good.len }) !=
			    FAIL_SIGNATURE)
				fail_msg("%s, byte %zu", v->name, at);
			arena_back(&memory, mark);
		}
	}
}

static void
signatures_of_another_length_do_not_verify(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		const struct vector *v = &vectors[i];
		struct bytes good = unhex(v->signature);
		uint8_t *longer = arena_take(&memory, good.len + 1, 1);

		memcpy(longer, good.data, good.len);
		assert_int_equal(verify(v->spki, v->algorithm,
				     (struct bytes){ longer, good.len + 1 }),
		    FAIL_SIGNATURE);
		assert_int_equal(verify(v->spki, v->algorithm,
				     bytes_part(good, 0, good.len - 1)),
		    FAIL_SIGNATURE);
		assert_int_equal(
		    verify(v->spki, v->algorithm, (struct bytes){ NULL, 0 }),
		    FAIL_SIGNATURE);
	}
}

static void
another_digest_does_not_verify(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		const struct vector *v = &vectors[i];
		struct public_key key;
		uint8_t digest[HASH_MAX];

		assert_int_equal(
		    public_key_read(unhex(v->spki), &key), FAIL_NONE);
		hash_bytes(v->algorithm.hash, BYTES_TEXT("abd"), digest);
		assert_int_equal(signature_verify(&key, &v->algorithm, digest,
				     unhex(v->signature)),
		    FAIL_SIGNATURE);
	}
}

static void
key_and_algorithm_must_go_together(void **state)
{
	static const struct {
		const char *spki, *signature;
		struct signature_algorithm algorithm;
		enum fail fail;
	} rows[] = {
		{ spki_rsa, sig_p256_sha256, { KEY_EC, HASH_SHA256, 0, 0 },
		    FAIL_UNSUPPORTED },
		{ spki_p256, sig_rsa_sha256, { KEY_RSA, HASH_SHA256, 0, 0 },
		    FAIL_UNSUPPORTED },
		/* RFC 4055 1.2: a PSS key makes only PSS signatures. */
		{ spki_rp, sig_rp, { KEY_RSA, HASH_SHA256, 0, 0 },
		    FAIL_UNSUPPORTED },
		{ spki_rsa, sig_pss_mixed,
		    { KEY_RSA_PSS, HASH_SHA256, HASH_SHA512, 20 },
		    FAIL_UNSUPPORTED },
		/* One padding is not the other, one salt not another. */
		{ spki_rsa, sig_pss_sha256, { KEY_RSA, HASH_SHA256, 0, 0 },
		    FAIL_SIGNATURE },
		{ spki_rsa, sig_rsa_sha256,
		    { KEY_RSA_PSS, HASH_SHA256, HASH_SHA256, 32 },
		    FAIL_SIGNATURE },
		{ spki_rsa, sig_pss_sha256,
		    { KEY_RSA_PSS, HASH_SHA256, HASH_SHA256, 20 },
		    FAIL_SIGNATURE },
		{ spki_rsa, sig_pss_sha256,
		    { KEY_RSA_PSS, HASH_SHA256, HASH_SHA256, 2147483647 },
		    FAIL_SIGNATURE },
		{ spki_rsa, sig_rsa_sha256, { KEY_RSA, HASH_SHA512, 0, 0 },
		    FAIL_SIGNATURE },
		{ spki_rsa, sig_rsa1024, { KEY_RSA, HASH_SHA256, 0, 0 },
		    FAIL_SIGNATURE },
		/* 512 bits are broken in an afternoon. */
		{ spki_r512, sig_r512, { KEY_RSA, HASH_SHA256, 0, 0 },
		    FAIL_UNSUPPORTED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum fail f = verify(
		    rows[i].spki, rows[i].algorithm, unhex(rows[i].signature));

		if (f != rows[i].fail)
			fail_msg("row %zu: %s", i, fail_name(f));
	}
}

/* RFC 3279 2.2.3 and FIPS 186-4 6.4.2: 0 < r, s < n, both INTEGER. */
static void
odd_ecdsa_values_do_not_verify(void **state)
{
	static const char *const values[] = {
		"3006020100020100",
		"3006020101020100",
		"3006020100020101",
		"3006020101020101",
		"30060201ff0201ff",
		"3003020101",
		"3000",
		"300402000200",
		"3009020101020101020101",
		"300602010102010100",
		"0500",
	};
	static const struct signature_algorithm a = { KEY_EC, HASH_SHA256, 0,
		0 };

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++)
		assert_int_equal(
		    verify(spki_p256, a, unhex(values[i])), FAIL_SIGNATURE);
}

static void
point_off_the_curve_never_verifies(void **state)
{
	struct bytes good = unhex(spki_p256);
	uint8_t *bad = arena_take(&memory, good.len, 1);
	static const struct signature_algorithm a = { KEY_EC, HASH_SHA256, 0,
		0 };
	struct public_key key;
	uint8_t digest[HASH_MAX];

	(void)state;
	memcpy(bad, good.data, good.len);
	bad[good.len - 1] ^= 1;
	hash_bytes(HASH_SHA256, BYTES_TEXT("abc"), digest);
	if (!public_key_read((struct bytes){ bad, good.len }, &key))
		assert_int_not_equal(
		    signature_verify(&key, &a, digest, unhex(sig_p256_sha256)),
		    FAIL_NONE);
}

/* A tax office's XML signature of 2022, as README 3 verifies it. */
static void
real_signature_of_2022_verifies(void **state)
{
	struct bytes der =
	    shared_file("ee/vgca-g2-ee-org-tong-cuc-thue-2021-rsa2048.der");
	struct bytes message =
	    shared_file("vector-xmldsig-2022/signedinfo.c14n.xml");
	struct bytes signature =
	    shared_file("vector-xmldsig-2022/signature-rsa2048-sha256.bin");
	static const struct signature_algorithm a = { KEY_RSA, HASH_SHA256, 0,
		0 };
	struct cert cert;
	uint8_t digest[HASH_MAX];

	(void)state;
	assert_int_equal(cert_read(der, &cert, NULL), FAIL_NONE);
	hash_bytes(HASH_SHA256, message, digest);
	assert_int_equal(
	    signature_verify(&cert.key, &a, digest, signature), FAIL_NONE);
	digest[0] ^= 1;
	assert_int_equal(
	    signature_verify(&cert.key, &a, digest, signature), FAIL_SIGNATURE);
}

/* RFC 8032 7.1, tests 1 and 2, in the clothes of RFC 8410. */
static const struct {
	const char *key, *message, *signature;
} ed25519s[] = {
	{ "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
	    "",
	    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
	    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100"
	    "b" },
	{ "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
	    "72",
	    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c0"
	    "0" },
};

static void
ed25519_verifies_messages_and_no_digests(void **state)
{
	struct signature_algorithm a;
	uint8_t digest[HASH_MAX];

	(void)state;
	assert_int_equal(
	    signature_algorithm_read(unhex("300506032b6570"), HASH_NONE, &a),
	    FAIL_NONE);
	assert_int_equal(a.kind, KEY_ED25519);
	for (size_t i = 0; i < COUNT(ed25519s); i++) {
		char spki[200];
		struct public_key key;
		struct bytes message = unhex(ed25519s[i].message);
		struct bytes signature = unhex(ed25519s[i].signature);
		uint8_t *byte = (uint8_t *)(uintptr_t)signature.data + 3;

		snprintf(spki, sizeof(spki), "302a300506032b6570032100%s",
		    ed25519s[i].key);
		assert_int_equal(public_key_read(unhex(spki), &key), FAIL_NONE);
		assert_int_equal(
		    signature_verify_message(&key, &a, message, signature),
		    FAIL_NONE);
		assert_int_equal(signature_verify_message(&key, &a,
				     BYTES_TEXT("another"), signature),
		    FAIL_SIGNATURE);
		hash_bytes(a.hash, message, digest);
		assert_int_equal(signature_verify(&key, &a, digest, signature),
		    FAIL_UNSUPPORTED);
		*byte ^= 1;
		assert_int_equal(
		    signature_verify_message(&key, &a, message, signature),
		    FAIL_SIGNATURE);
	}
	/* RFC 8410 3: no parameters; RFC 8419 3.1: with SHA-512 only. */
	assert_int_equal(signature_algorithm_read(
			     unhex("300706032b65700500"), HASH_NONE, &a),
	    FAIL_FORMAT);
	assert_int_equal(
	    signature_algorithm_read(unhex("300506032b6570"), HASH_SHA256, &a),
	    FAIL_FORMAT);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, open_memory, close_memory)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ROW(identifiers_name_key_and_hash),
		ROW(pss_parameters_are_read),
		ROW(bad_pss_parameters_are_refused),
		ROW(trailing_bytes_in_a_pss_field_are_refused),
		ROW(digest_identifiers_are_read),
		ROW(public_keys_tell_kind_and_bits),
		ROW(every_cut_of_a_key_is_refused),
		ROW(padded_modulus_does_not_make_a_longer_key),
		ROW(signatures_of_openssl_verify),
		ROW(flipped_signatures_do_not_verify),
		ROW(signatures_of_another_length_do_not_verify),
		ROW(another_digest_does_not_verify),
		ROW(key_and_algorithm_must_go_together),
		ROW(odd_ecdsa_values_do_not_verify),
		ROW(point_off_the_curve_never_verifies),
		ROW(real_signature_of_2022_verifies),
		ROW(ed25519_verifies_messages_and_no_digests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
