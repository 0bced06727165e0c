package dev.larder;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.larder", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule PACKAGES_FORM_NO_CYCLE =
      slices().matching("dev.larder.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ONLY_THE_ADAPTER_KNOWS_LETTUCE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.larder.redis.lettuce..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.lettuce..", "io.netty..", "reactor..");

  @ArchTest
  static final ArchRule STRATEGIES_DO_NOT_KNOW_ONE_ANOTHER =
      slices()
          .matching("dev.larder.(cache|ratelimit|session|onetime|counter)..")
          .should()
          .notDependOnEachOther()
          .allowEmptyShould(true); // until there are strategies
}
