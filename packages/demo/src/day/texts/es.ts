import type { Phrases } from './language.ts';

export const es: Phrases = {
  reasons: {
    billing: {
      subject: 'Pregunta sobre mi factura',
      says: [
        'Mi factura es de {amount} este mes, normalmente es la mitad. ¿Qué ha pasado?',
        'Me habéis cobrado dos veces {amount} por {product}. Revisadlo y devolvedme uno, por favor.',
      ],
      answer: ['He revisado la factura con usted: era un cargo puntual y ya está abonado.'],
    },
    outage: {
      subject: 'Sin internet desde esta mañana',
      says: [
        'No hay internet en {city}, el router parpadea en rojo. Trabajo desde casa y lo necesito.',
        '{product} se corta cada pocos minutos desde anoche. Ya lo he reiniciado todo dos veces.',
      ],
      answer: ['La avería estaba en el armario de la calle; la línea vuelve a ser estable.'],
    },
    roaming: {
      subject: 'Datos en el extranjero',
      says: [
        'Acabo de aterrizar en {country} y no tengo datos. ¿Qué tengo que activar?',
        '¿Cuánto cuesta un giga en {country}? Salgo pasado mañana.',
      ],
      answer: ['La itinerancia está activada. Ponga y quite el modo avión y tendrá datos en {country}.'],
    },
    contract: {
      subject: '¿Cuándo acaba mi contrato?',
      says: [
        '¿Hasta cuándo dura mi contrato de {product} y cuánto costaría después?',
        'Quiero poner {product} a nombre de mi pareja. ¿Cómo se hace?',
      ],
      answer: ['Le he enviado las fechas y condiciones del contrato, y el cambio queda anotado.'],
    },
    'address-change': {
      subject: 'Mudanza',
      says: [
        'El día uno me mudo a {street}, {city}. ¿Puedo llevarme {product}?',
        'Nueva dirección desde el mes que viene: {street}, {city}. Cambiadla para factura y línea.',
      ],
      answer: ['La nueva dirección está registrada y la línea se muda con usted.'],
    },
    complaint: {
      subject: 'Reclamación',
      says: [
        'Es la tercera vez que explico lo mismo y nadie devuelve la llamada. Estoy muy molesta.',
        'El técnico no vino otra vez y yo había pedido el día libre. ¿Qué pensáis hacer?',
      ],
      answer: ['Lo siento mucho. Me ocupo yo personalmente: está resuelto, con un abono por las molestias.'],
    },
    upgrade: {
      subject: '¿Una tarifa mayor?',
      says: [
        'Siempre me quedo sin datos el día veinte. ¿Cuánto cuesta algo mayor que {product}?',
        'Un amigo paga menos y tiene más datos. ¿Qué me podéis ofrecer?',
      ],
      answer: ['Hemos visto juntos su consumo y encontrado la tarifa que le encaja.'],
    },
    'sim-lost': {
      subject: 'Móvil perdido',
      says: [
        'Me han robado el móvil en el tren. ¡Bloquead la SIM ahora mismo!',
        'He perdido el móvil en {city}. Bloquead la tarjeta y enviadme otra, por favor.',
      ],
      answer: ['La tarjeta está bloqueada y no se ha usado. Una nueva con su número va de camino.'],
    },
  },
  again: ['¿Hay alguna novedad?', 'Ya escribí y sigo esperando respuesta.'],
  question: '¿Me dice su número de cliente, por favor? Así puedo seguir.',
  given: 'Claro, está en la factura adjunta.',
  streets: ['calle del Molino 14', 'paseo del Puerto 3', 'camino del Huerto 88'],
  countries: ['Canadá', 'Japón', 'Egipto'],
};
