package dev.larder.benchmarks.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Who is measured when: a Williams design. Of an even number n of subjects, in n rounds each stands
 * once in every position and once directly after each other one; an odd number needs 2n rounds, and
 * does so twice. What one leaves behind (a warm cache, a hot processor, garbage) so weighs on all
 * alike. With fewer rounds it is as even as the first of them can be.
 */
final class Order {
  private Order() {}

  /** The subjects in the order of this round, counted from 0. */
  static <T> List<T> of(List<T> subjects, int round) {
    int size = subjects.size();
    List<T> order = new ArrayList<>(size);
    for (int position = 0; position < size; position++) {
      // 0, 1, n-1, 2, n-2 …: all its steps differ (of an odd n: those and the reversed ones do).
      int zigzag = position % 2 == 1 ? (position + 1) / 2 : size - position / 2;
      order.add(subjects.get((zigzag + round) % size));
    }
    if (size % 2 == 1 && round % 2 == 1) {
      Collections.reverse(order);
    }
    return order;
  }
}
