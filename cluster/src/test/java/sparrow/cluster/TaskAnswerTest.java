package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Answers on the wire. */
class TaskAnswerTest {
    @Test
    void resultComesBackAsItWas() throws Exception {
        assertThat(TaskAnswer.of(new TaskAnswer.Done(new byte[] {7, 0, -1}).bytes()))
                .isInstanceOfSatisfying(
                        TaskAnswer.Done.class, done -> assertThat(done.result()).containsExactly(7, 0, -1));
        assertThat(TaskAnswer.of(new TaskAnswer.Done(new byte[0]).bytes()))
                .isInstanceOfSatisfying(
                        TaskAnswer.Done.class, done -> assertThat(done.result()).isEmpty());
    }

    @Test
    void refusalIsOneLine() throws Exception {
        assertThat(TaskAnswer.of(new TaskAnswer.Refused("worker ü:\n  no model").bytes()))
                .isEqualTo(new TaskAnswer.Refused("worker ü: no model"));
    }

    @Test
    void bytesOfNobodyOfOursAreRefused() {
        assertThatThrownBy(() -> TaskAnswer.of(new byte[0])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> TaskAnswer.of(new byte[] {2, 3}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("what is no answer (first byte 2)");
    }
}
