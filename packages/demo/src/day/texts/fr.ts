import type { Phrases } from './language.ts';

export const fr: Phrases = {
  reasons: {
    billing: {
      subject: 'Question sur ma facture',
      says: [
        'Ma facture est de {amount} ce mois-ci, d’habitude c’est la moitié. Que s’est-il passé ?',
        'Vous m’avez prélevé deux fois {amount} pour {product}. Merci de vérifier et de rembourser.',
      ],
      answer: ['J’ai vérifié la facture avec vous : c’était un montant exceptionnel, il vous est remboursé.'],
    },
    outage: {
      subject: 'Plus d’internet depuis ce matin',
      says: [
        'Internet ne marche plus à {city}, le routeur clignote en rouge. Je travaille de chez moi.',
        '{product} coupe toutes les cinq minutes depuis hier soir, j’ai déjà tout redémarré deux fois.',
      ],
      answer: ['La panne venait de l’armoire de rue ; la ligne est de nouveau stable.'],
    },
    roaming: {
      subject: 'Internet à l’étranger',
      says: [
        'Je viens d’arriver : {country}, et je n’ai pas d’internet. Que faut-il activer ?',
        'Combien coûte un gigaoctet à cette destination : {country} ? Je pars après-demain.',
      ],
      answer: ['L’itinérance est activée. Passez une fois en mode avion, puis internet fonctionnera.'],
    },
    contract: {
      subject: 'Fin de mon contrat',
      says: [
        'Jusqu’à quand court mon contrat {product}, et combien coûtera-t-il ensuite ?',
        'Je voudrais mettre {product} au nom de ma compagne. Comment faire ?',
      ],
      answer: ['Je vous ai envoyé les dates et conditions du contrat, et le changement est noté.'],
    },
    'address-change': {
      subject: 'Déménagement',
      says: [
        'Je déménage le premier du mois : {street}, {city}. Puis-je garder {product} ?',
        'Nouvelle adresse : {street}, {city}. Merci de la changer pour la facture et la ligne.',
      ],
      answer: ['La nouvelle adresse est enregistrée, et la ligne déménage avec vous.'],
    },
    complaint: {
      subject: 'Réclamation',
      says: [
        'C’est la troisième fois que j’explique la même chose et personne ne rappelle. Je suis très mécontente.',
        'Le technicien n’est encore pas venu alors que j’avais pris un jour de congé. Que comptez-vous faire ?',
      ],
      answer: ['Je vous présente nos excuses. Je m’en occupe moi-même : c’est réglé, avec un geste commercial.'],
    },
    upgrade: {
      subject: 'Un forfait plus grand ?',
      says: [
        'Mes données sont toujours épuisées le vingt du mois. Combien coûte plus grand que {product} ?',
        'Une amie paie moins et a plus de données. Que pouvez-vous me proposer ?',
      ],
      answer: ['Nous avons regardé votre consommation ensemble et trouvé le forfait qui convient.'],
    },
    'sim-lost': {
      subject: 'Téléphone perdu',
      says: [
        'On m’a volé mon téléphone dans le train. Bloquez la carte SIM tout de suite !',
        'J’ai perdu mon téléphone à {city}. Merci de bloquer la carte et d’en envoyer une autre.',
      ],
      answer: ['La carte est bloquée, rien n’a été utilisé. Une nouvelle avec votre numéro est en route.'],
    },
  },
  again: ['Y a-t-il du nouveau ?', 'J’ai déjà écrit et j’attends toujours une réponse.'],
  question: 'Pouvez-vous me donner votre numéro de client ? Je pourrai alors continuer.',
  given: 'Bien sûr, il est sur la facture jointe.',
  streets: ['14 rue du Moulin', '3 quai du Port', '88 allée des Vergers'],
  countries: ['Canada', 'Japon', 'Égypte'],
};
