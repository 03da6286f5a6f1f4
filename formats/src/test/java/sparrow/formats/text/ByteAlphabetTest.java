package sparrow.formats.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ByteAlphabetTest {
    /** The characters that byte-level files show most often, and the ends of the three visible stretches. */
    @Test
    void writesAsGpt2Does() {
        byte[] bytes = {' ', '\n', 0, '!', '~', 127, (byte) 160, (byte) 161, (byte) 172, (byte) 173, (byte) 174, -1};

        assertThat(ByteAlphabet.write(bytes)).isEqualTo("ĠĊĀ!~ġł¡¬Ń®ÿ");
    }

    @Test
    void readsWhatItWrote() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) all[i] = (byte) i;

        assertThat(ByteAlphabet.read(ByteAlphabet.write(all))).isEqualTo(all);
    }

    @Test
    void refusesOtherCharacters() {
        for (String other : new String[] {" ", "a\u00ad", "\u0144", "天", "😀"}) {
            assertThatThrownBy(() -> ByteAlphabet.read(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("byte-level alphabet, found U+");
        }
    }
}
