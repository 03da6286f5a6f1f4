package sparrow.study.text;

import java.util.Locale;

/** Whisper's BasicTextNormalizer with its defaults: diacritics stay. */
record BasicNormalizer() implements TextNormalizer {
    @Override
    public String apply(String text) {
        String spoken = Letters.withoutBrackets(text.toLowerCase(Locale.ROOT));
        return Letters.withSingleSpaces(Letters.withoutSymbols(spoken).toLowerCase(Locale.ROOT));
    }
}
