import type { Phrases } from './language.ts';

export const de: Phrases = {
  reasons: {
    billing: {
      subject: 'Frage zu meiner Rechnung',
      says: [
        'Meine Rechnung beträgt diesen Monat {amount}, sonst ist es etwa die Hälfte. Was ist da passiert?',
        'Sie haben für {product} zweimal {amount} abgebucht. Bitte prüfen Sie das und zahlen Sie einen Betrag zurück.',
        'Auf meiner Rechnung stehen „Leistungen von Drittanbietern“, die ich nie bestellt habe.',
      ],
      answer: [
        'Ich habe die Rechnung mit Ihnen geprüft: Es war ein einmaliger Posten, er ist jetzt gutgeschrieben.',
        'Sie hatten recht mit der doppelten Abbuchung. Der Betrag ist in drei Tagen zurück auf Ihrem Konto.',
      ],
    },
    outage: {
      subject: 'Seit heute früh kein Internet',
      says: [
        'In {city} geht das Internet nicht, der Router blinkt rot. Ich arbeite von zu Hause und brauche es.',
        '{product} bricht seit gestern Abend alle paar Minuten ab. Neu gestartet habe ich schon zweimal.',
        'Gar kein Netz in {city}. Gibt es eine Störung?',
      ],
      answer: [
        'Der Fehler lag im Verteilerkasten; die Leitung ist wieder stabil, ich habe sie eine Weile beobachtet.',
        'Ich habe Ihre Leitung neu gestartet und gemessen: volle Geschwindigkeit. Bitte den Router einmal neu starten.',
      ],
    },
    roaming: {
      subject: 'Internet im Ausland',
      says: [
        'Ich bin gerade in {country} gelandet und habe kein Internet. Was muss ich einschalten?',
        'Was kostet mich ein Gigabyte in {country}? Ich fahre übermorgen.',
      ],
      answer: ['Roaming ist jetzt frei. Einmal Flugmodus an und aus, dann geht das Internet in {country}.'],
    },
    contract: {
      subject: 'Wie lange läuft mein Vertrag?',
      says: [
        'Bis wann läuft mein Vertrag {product}, und was würde es danach kosten?',
        'Ich möchte {product} auf meine Partnerin umschreiben lassen. Wie geht das?',
      ],
      answer: ['Laufzeit und Bedingungen habe ich Ihnen geschickt, die gewünschte Änderung ist vermerkt.'],
    },
    'address-change': {
      subject: 'Umzug',
      says: [
        'Ich ziehe zum Ersten nach {city}, {street}. Kann ich {product} mitnehmen?',
        'Neue Adresse ab nächstem Monat: {street}, {city}. Bitte für Rechnung und Anschluss ändern.',
      ],
      answer: ['Die neue Adresse ist eingetragen, und der Anschluss zieht am genannten Tag mit um.'],
    },
    complaint: {
      subject: 'Beschwerde',
      says: [
        'Ich erkläre das jetzt zum dritten Mal. Niemand ruft zurück. Ich bin wirklich verärgert.',
        'Der Techniker kam wieder nicht, und ich hatte extra Urlaub genommen. Was gedenken Sie zu tun?',
      ],
      answer: [
        'Das hätte nicht passieren dürfen, es tut mir leid. Ich kümmere mich selbst darum: Es ist behoben, mit einer Gutschrift.',
      ],
    },
    upgrade: {
      subject: 'Ein größerer Tarif?',
      says: [
        'Mein Datenvolumen ist immer am Zwanzigsten weg. Was kostet ein größerer Tarif als {product}?',
        'Ein Freund zahlt weniger und hat mehr Daten. Was können Sie mir anbieten?',
      ],
      answer: ['Wir haben Ihren Verbrauch gemeinsam angesehen und den Tarif gefunden, der dazu passt.'],
    },
    'sim-lost': {
      subject: 'Handy verloren',
      says: [
        'Mein Handy wurde im Zug gestohlen. Bitte sperren Sie die SIM sofort!',
        'Ich habe mein Handy in {city} verloren. Bitte Karte sperren und eine neue schicken.',
      ],
      answer: ['Die Karte ist gesperrt, es wurde nichts mehr benutzt. Eine neue mit Ihrer Nummer ist unterwegs.'],
    },
  },
  again: ['Gibt es schon etwas Neues?', 'Ich habe schon geschrieben und warte noch immer auf Antwort.'],
  question: 'Nennen Sie mir bitte Ihre Kundennummer? Dann kann ich weitermachen.',
  given: 'Gern, sie steht auf der Rechnung im Anhang.',
  streets: ['Mühlenweg 14', 'Hafenstraße 3', 'Am Obstgarten 88'],
  countries: ['Kanada', 'Japan', 'Ägypten'],
};
