package dev.larder.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.larder.testkit", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule anEngineKnowsNeitherRelaysNorTopologies =
      noClasses()
          .that()
          .resideInAPackage("dev.larder.testkit")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.larder.testkit.*..");

  @ArchTest
  static final ArchRule aRelayKnowsNoTopologies =
      noClasses()
          .that()
          .resideInAPackage("dev.larder.testkit.relay")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.larder.testkit.topology");
}
