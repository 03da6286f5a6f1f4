package sparrow.study.asr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SentencesTest {
    @Test
    void keepsTheWordsAndTheirApostrophes() {
        assertThat(Sentences.words("“It’s twenty-five,” said O'Neill's 'aunt': señor!"))
                .containsExactly("it's", "twenty", "five", "said", "o'neill's", "aunt", "señor");
        assertThat(Sentences.words(" ... ")).isEmpty();
    }

    @Test
    void cutsSentencesWhereTheDictionaryHasNoWord() {
        List<List<String>> phrases = Sentences.phrases(
                List.of("The capital of Xyzzy is here.", "Qwx!"),
                word -> !Set.of("xyzzy", "qwx").contains(word));

        assertThat(phrases)
                .filteredOn(phrase -> !phrase.isEmpty())
                .containsExactly(List.of("the", "capital", "of"), List.of("is", "here"));
    }
}
