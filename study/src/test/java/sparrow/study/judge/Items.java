package sparrow.study.judge;

import java.util.List;
import java.util.Optional;
import sparrow.study.data.Item;

final class Items {
    private Items() {}

    static Item item(String question, String... answers) {
        return new Item("q1", question, Optional.empty(), List.of(answers));
    }
}
