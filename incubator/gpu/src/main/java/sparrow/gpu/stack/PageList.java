package sparrow.gpu.stack;

import java.util.Arrays;

/** The pages of a sequence, in the order of its slots. The pages are released once. */
final class PageList implements Runnable {
    private final KvPages pages;
    private int[] list = {};
    private boolean released;

    PageList(KvPages pages) {
        this.pages = pages;
    }

    /** Returns a list of the same pages, which are shared. */
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

    /** Makes a page writable: adds the page if it is the next page, or copies it if it is shared. */
    synchronized void write(int index) {
        if (index == list.length) {
            int page = pages.take();
            list = Arrays.copyOf(list, index + 1);
            list[index] = page;
        } else {
            list[index] = pages.own(list[index]);
        }
    }

    /** Replaces all pages starting at an index with other pages, which this list then owns. */
    synchronized void replace(int from, int[] others) {
        shorten(from);
        list = Arrays.copyOf(list, from + others.length);
        System.arraycopy(others, 0, list, from, others.length);
    }

    /** Releases all pages starting at an index. */
    synchronized void shorten(int count) {
        for (int i = count; i < list.length; i++) pages.release(list[i]);
        if (count < list.length) list = Arrays.copyOf(list, count);
    }

    /** Releases all pages. A second call does nothing. */
    @Override
    public synchronized void run() {
        if (released) return;
        released = true;
        shorten(0);
    }
}
