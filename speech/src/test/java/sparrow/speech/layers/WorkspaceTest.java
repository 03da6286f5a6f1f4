package sparrow.speech.layers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sparrow.tensor.kernel.Block;

class WorkspaceTest {
    private final Workspace workspace = new Workspace();

    @Test
    void whatIsGivenBackIsTakenAgainForTheSameNumberOfValues() {
        Block first = workspace.take(3, 8);
        Block second = workspace.take(3, 8);
        assertThat(second.data()).isNotSameAs(first.data());

        workspace.release(first);
        Batch again = workspace.take(2, 4, 3);

        assertThat(again.data()).isSameAs(first.data());
        assertThat(again.all().rows()).isEqualTo(8);
        assertThat(workspace.take(3, 8).data()).isNotSameAs(first.data());
    }

    @Test
    void otherSizesGetArraysOfTheirOwn() {
        Block block = workspace.take(3, 8);
        workspace.release(block);

        assertThat(workspace.take(3, 7).data()).hasSize(21);
        assertThat(workspace.take(4, 6).data()).isSameAs(block.data());
    }
}
