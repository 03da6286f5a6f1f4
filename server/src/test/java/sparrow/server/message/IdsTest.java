package sparrow.server.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdsTest {
    private static final int MANY = 10_000;

    /** 22 of 62 letters are 131 bits. */
    @Test
    void allLettersOfAnIdAreRandom() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < MANY; i++) ids.add(Ids.UNGUESSABLE.next("sess_"));

        assertThat(ids).hasSize(MANY).allMatch(id -> id.matches("sess_[A-Za-z0-9]{22}"));
        for (int place = 5; place < 27; place++) {
            int at = place;
            assertThat(ids.stream().map(id -> id.charAt(at)).distinct()).hasSize(62);
        }
    }
}
