package sparrow.gpu.stack;

import java.util.Arrays;

/** The pages of one sequence, in the order of its slots. They are released once. */
final class PageList implements Runnable {
    private final KvPages pages;
    private int[] list = {};
    private boolean released;

    PageList(KvPages pages) {
        this.pages = pages;
    }

    /** The same pages, held once more. */
    synchronized PageList copy() {
        PageList copy = new PageList(pages);
        copy.list = list.clone();
        for (int page : list) pages.retain(page);
        return copy;
    }

    synchronized int count() {
        return list.length;
    }

    synchronized int get(int index) {
        return list[index];
    }

    /** Makes sure that a page is there and has no other holder; the pages before it are there. */
    synchronized void write(int index) {
        if (index == list.length) {
            int page = pages.take();
            list = Arrays.copyOf(list, index + 1);
            list[index] = page;
        } else {
            list[index] = pages.own(list[index]);
        }
    }

    /** Puts another list in place of this one from an index on; takes over the pages. */
    synchronized void replace(int from, int[] others) {
        shorten(from);
        list = Arrays.copyOf(list, from + others.length);
        System.arraycopy(others, 0, list, from, others.length);
    }

    /** Releases all from an index on. */
    synchronized void shorten(int count) {
        for (int i = count; i < list.length; i++) pages.release(list[i]);
        if (count < list.length) list = Arrays.copyOf(list, count);
    }

    /** Releases all of them; a second call does nothing. */
    @Override
    public synchronized void run() {
        if (released) return;
        released = true;
        shorten(0);
    }
}
