// What the frames say, in English and Russian.
const WORDS = {
  en: {
    card: "Card", sepa_debit: "SEPA debit", number: "Card number", expiry: "Expiry date", expiryHint: "MM / YY", cvc: "Security code",
    country: "Country", iban: "IBAN", held: "Card in the wallet", apple_pay: "Apple Pay", google_pay: "Google Pay", name: "Name on the account", email: "E-mail",
    mandate: "By giving your IBAN you allow the processor and the newsroom to collect this amount from your account. You may ask your bank to take it back within eight weeks.",
    mandateSetup: "By giving your IBAN you allow the processor and the newsroom to collect later payments from your account. You may ask your bank to take each back within eight weeks.",
    may: "What may I type here?", mayIntro: "This is a stand-in for a card processor: no real card is needed, and none is taken. Any later date and any security code will do.",
    incomplete_number: "Your card number is incomplete.", invalid_number: "Your card number is invalid.",
    incomplete_expiry: "Your card's expiration date is incomplete.", invalid_expiry_year_past: "Your card's expiration date is in the past.",
    incomplete_cvc: "Your card's security code is incomplete.", invalid_iban: "The IBAN you entered is invalid.",
    incomplete_name: "Please give your full name.", incomplete_email: "Your e-mail address is incomplete.",
    not_a_test_card: "Your card was declined. Your request was in test mode, but used a non test card.",
    pays: "is charged", challenge: "the bank asks for a confirmation", declined: "no money on it", refused: "refused before the bank hears of it",
    bankTitle: "Your bank asks", bankText: "This stands in for the page on which a bank confirms a payment.", complete: "Complete", fail: "Fail",
  },
  ru: {
    card: "Карта", sepa_debit: "Списание SEPA", number: "Номер карты", expiry: "Срок действия", expiryHint: "ММ / ГГ", cvc: "Код безопасности",
    country: "Страна", iban: "IBAN", held: "Карта в кошельке", apple_pay: "Apple Pay", google_pay: "Google Pay", name: "Имя владельца счёта", email: "Эл. почта",
    mandate: "Указывая IBAN, вы разрешаете процессору и редакции списать эту сумму с вашего счёта. В течение восьми недель её можно вернуть через ваш банк.",
    mandateSetup: "Указывая IBAN, вы разрешаете процессору и редакции списывать будущие платежи с вашего счёта. Каждый можно вернуть через ваш банк в течение восьми недель.",
    may: "Что сюда вводить?", mayIntro: "Это замена карточного процессора: настоящая карта не нужна и не принимается. Подойдёт любой будущий срок и любой код.",
    incomplete_number: "Номер карты введён не полностью.", invalid_number: "Неверный номер карты.",
    incomplete_expiry: "Срок действия введён не полностью.", invalid_expiry_year_past: "Срок действия карты истёк.",
    incomplete_cvc: "Код безопасности введён не полностью.", invalid_iban: "Неверный IBAN.",
    incomplete_name: "Укажите имя полностью.", incomplete_email: "Адрес эл. почты введён не полностью.",
    not_a_test_card: "Карта отклонена: здесь принимаются только тестовые номера.",
    pays: "оплата проходит", challenge: "банк просит подтверждение", declined: "недостаточно средств", refused: "отказ ещё до обращения в банк",
    bankTitle: "Вопрос вашего банка", bankText: "Здесь вместо страницы, на которой банк подтверждает платёж.", complete: "Подтвердить", fail: "Отклонить",
  },
};
const wordsIn = (locale) => WORDS[(locale ?? "en").slice(0, 2)] ?? WORDS.en;
