import type { Phrases } from './language.ts';

export const tr: Phrases = {
  reasons: {
    billing: {
      subject: 'Faturam hakkında',
      says: [
        'Bu ay faturam {amount} geldi, normalde bunun yarısı kadardı. Ne oldu?',
        '{product} için iki kez {amount} çekmişsiniz. Lütfen kontrol edip birini iade edin.',
      ],
      answer: ['Faturayı birlikte kontrol ettik: tek seferlik bir tutarmış, hesabınıza iade edildi.'],
    },
    outage: {
      subject: 'Sabahtan beri internet yok',
      says: [
        '{city} tarafında internet yok, modem kırmızı yanıp sönüyor. Evden çalışıyorum, lazım.',
        '{product} dün akşamdan beri birkaç dakikada bir kopuyor. Her şeyi iki kez yeniden başlattım.',
      ],
      answer: ['Arıza sokaktaki dolaptaymış; hat yeniden düzgün çalışıyor.'],
    },
    roaming: {
      subject: 'Yurt dışında internet',
      says: [
        'Az önce indim ({country}) ve internetim yok. Neyi açmam gerekiyor?',
        'Bir gigabayt orada kaça geliyor ({country})? Yarından sonra gidiyorum.',
      ],
      answer: ['Dolaşım açıldı. Uçak modunu bir kez açıp kapatın, internet çalışacak.'],
    },
    contract: {
      subject: 'Sözleşmem ne zaman bitiyor?',
      says: [
        '{product} sözleşmem ne zamana kadar, sonrasında kaç para olur?',
        '{product} hattını eşimin üzerine geçirmek istiyorum. Nasıl yapılıyor?',
      ],
      answer: ['Sözleşmenin tarih ve koşullarını gönderdim, istediğiniz değişikliği not ettim.'],
    },
    'address-change': {
      subject: 'Taşınıyorum',
      says: [
        'Ayın birinde taşınıyorum: {street}, {city}. {product} hattımı götürebilir miyim?',
        'Gelecek aydan itibaren yeni adresim: {street}, {city}. Fatura ve hat için değiştirir misiniz?',
      ],
      answer: ['Yeni adres kaydedildi, hat da sizinle birlikte taşınıyor.'],
    },
    complaint: {
      subject: 'Şikâyet',
      says: [
        'Aynı şeyi üçüncü kez anlatıyorum, kimse geri aramıyor. Gerçekten çok kızgınım.',
        'Teknisyen yine gelmedi, ben izin almıştım. Ne yapmayı düşünüyorsunuz?',
      ],
      answer: ['Çok özür dilerim. Bununla bizzat ilgileniyorum: düzeltildi, bir de alacak işledim.'],
    },
    upgrade: {
      subject: 'Daha büyük tarife?',
      says: [
        'Verim her ayın yirmisinde bitiyor. {product} üstü bir tarife kaç para?',
        'Arkadaşım daha az ödüyor, daha çok verisi var. Bana ne önerirsiniz?',
      ],
      answer: ['Kullanımınıza birlikte baktık ve size uyan tarifeyi bulduk.'],
    },
    'sim-lost': {
      subject: 'Telefonum kayboldu',
      says: [
        'Trende telefonum çalındı. SIM kartı hemen kapatın!',
        'Telefonumu {city} tarafında kaybettim. Kartı kapatıp yenisini gönderir misiniz?',
      ],
      answer: ['Kart kapatıldı, sonrasında kullanılmamış. Numaranızla yeni kart yolda.'],
    },
  },
  again: ['Bir gelişme var mı?', 'Daha önce yazmıştım, hâlâ cevap bekliyorum.'],
  question: 'Müşteri numaranızı söyler misiniz? O zaman devam edebilirim.',
  given: 'Tabii, ekteki faturada yazıyor.',
  streets: ['Değirmen Sokak 14', 'Liman Caddesi 3', 'Bahçe Yolu 88'],
  countries: ['Kanada', 'Japonya', 'Mısır'],
};
