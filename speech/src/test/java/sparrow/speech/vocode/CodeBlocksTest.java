package sparrow.speech.vocode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodeBlocksTest {
    @Test
    void blocksGrowAsPublishedAndStay() {
        CodeBlocks blocks = CodeBlocks.published();
        List<Integer> sizes = new ArrayList<>();

        for (int code = 0; code < 925; code++) blocks.add(code).ifPresent(block -> sizes.add(block.length));

        assertThat(sizes).containsExactly(25, 50, 100, 150, 200, 200, 200);
        assertThat(blocks.rest()).isEmpty();
    }

    @Test
    void restIsTheUnfilledBlockInOrder() {
        CodeBlocks blocks = CodeBlocks.of(2, 3);

        assertThat(blocks.add(5)).isEmpty();
        assertThat(blocks.add(6)).hasValueSatisfying(block -> assertThat(block).containsExactly(5, 6));
        assertThat(blocks.add(7)).isEmpty();
        assertThat(blocks.rest()).containsExactly(7);
        assertThat(blocks.rest()).isEmpty();
    }

    @Test
    void sizesBelowOneAreRefused() {
        assertThatThrownBy(() -> CodeBlocks.of(25, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("block sizes: expected one or more numbers of 1 or more, got [25, 0]");
        assertThatThrownBy(CodeBlocks::of).hasMessageStartingWith("block sizes");
    }
}
