package sparrow.server.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.server.http.HttpFailure;
import sparrow.server.message.HeapShare;
import sparrow.server.message.MessageMemory;

class AnswerMemoryTest {
    private static final long ALL = HeapShare.ANSWERS.limit();

    @AfterEach
    void everythingIsReleased() {
        assertThat(HeapShare.ANSWERS.used()).isZero();
    }

    @Test
    void aShortAnswerIsNotCounted() {
        long most = MessageMemory.HEAP.shortBytes();
        try (AnswerMemory memory = new AnswerMemory()) {
            memory.add(most);
            assertThat(HeapShare.ANSWERS.used()).isZero();
            memory.add(1);
            assertThat(HeapShare.ANSWERS.used()).isEqualTo(most + 1);
        }
    }

    @Test
    void theYoungestGivesWayToTheOldest() {
        try (AnswerMemory first = new AnswerMemory();
                AnswerMemory second = new AnswerMemory();
                AnswerMemory third = new AnswerMemory()) {
            first.add(ALL / 4);
            second.add(ALL / 4);
            third.add(ALL / 4);

            first.add(ALL / 2);

            assertThatCode(second::check).doesNotThrowAnyException();
            assertThatThrownBy(third::check).isInstanceOf(HttpFailure.class).hasMessageStartingWith("busy: ");
            assertThatThrownBy(() -> third.add(1)).isInstanceOf(HttpFailure.class);
            assertThatThrownBy(third::complete).isInstanceOf(HttpFailure.class);
            assertThatThrownBy(() -> second.add(ALL / 4 + 4)).isInstanceOf(HttpFailure.class);
            first.complete();
        }
    }

    @Test
    void anAnswerThatIsSentIsNotRejected() {
        try (AnswerMemory sent = new AnswerMemory();
                AnswerMemory growing = new AnswerMemory()) {
            sent.add(ALL / 2);
            sent.complete();
            growing.add(ALL / 4);

            assertThatThrownBy(() -> growing.add(ALL / 2)).isInstanceOf(HttpFailure.class);
            assertThat(HeapShare.ANSWERS.used()).isEqualTo(ALL / 2);
        }
    }

    /** Also in pieces, and although another answer has begun. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void anAnswerLongerThanTheShareTakesAllOfIt(int factor) {
        try (AnswerMemory longest = new AnswerMemory();
                AnswerMemory other = new AnswerMemory()) {
            longest.add(ALL / 2);
            other.add(ALL / 4);
            for (int i = 0; i < 8; i++) longest.add(factor * ALL / 8);

            assertThat(HeapShare.ANSWERS.used()).isEqualTo(ALL);
            assertThatThrownBy(other::check).isInstanceOf(HttpFailure.class);
            longest.complete();
        }
    }
}
